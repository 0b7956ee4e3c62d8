"""What each method costs: steps a second of `unpress train` beside plain training of the same network, and the peak of memory.

    python3 bench/methods.py [--rounds 2] [--steps 12] [--threads 1] [--only "NAME;NAME"]

Run where the pictures of the recipes' small overlays are. In each round all take turns, each with 2 steps and with --steps: the time that a step
had a core is the difference, which leaves out the start and, unlike the clock, does not depend on what else the machine does. Steps by the clock
are those of the second half of the longer run. Memory is the largest resident set of the whole process; of it the runtime, libtorch and the
pages of the packed pictures are in every row. The features of the divergence and of the perceptual loss come from untrained encoders, which cost
the same.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
scratch = root / ".build" / "bench" / "methods"

arguments = argparse.ArgumentParser()
arguments.add_argument("--rounds", type=int, default=2)
arguments.add_argument("--steps", type=int, default=12)
arguments.add_argument("--threads", type=int, default=1)
arguments.add_argument("--only", default="", help="names of rows, separated by semicolons")
arguments.add_argument("--unpress", default=str(root / "unpress"), help="the program")
options = arguments.parse_args()

dncnn = ["recipes/baseline/dncnn.yaml", "--overlay", "small"]
idempotent = ["recipes/idempotent/dncnn.yaml", "--overlay", "small", "--set", "initFrom=fresh"]
dagn = ["recipes/dagn/dagn.yaml", "--overlay", "small", "--set", "initParts=[]", "--stage"]


def objective(*terms):
    return ["--set", f"objective=[{', '.join('{' + term + '}' for term in terms)}]"]


def discriminator(type, width, more=""):
    return ["--set", f"discriminator={{type: {type}, width: {width}, gan: vanilla{more}}}"]


def features(name):
    return f"weights: {scratch / name / 'model.safetensors'}"


gan = ["loss: l1", "loss: adversarial, weight: 5e-3"]
conditional = discriminator("unet", 16, ", conditional: true")
one_to_many = [f"loss: perceptual, {features('encoder-64')}, layers: [{{name: relu5_4}}], measure: l2", "loss: adversarial, weight: 0.1",
               "loss: jpeg, weight: 0.1, form: squares"]
no_guide = ["--set", "network.insensitiveGuidance=false", "--set", "network.sensitiveGuidance=false", "--set", "network.fusion=None"]
plain = objective("loss: l1")

# Name, arguments, and the row that it is compared with.
methods = [
    ("plain L1", dncnn, None),
    ("multi-cycle", [*idempotent, "--overlay", "multi-cycle"], "plain L1"),
    ("idempotent adaptation", idempotent, "plain L1"),
    ("GAN", [*dncnn, *objective(*gan), *discriminator("unet", 16)], "plain L1"),
    ("GAN, conditional", [*dncnn, *objective(*gan), *conditional], "plain L1"),
    ("GAN, conditional, divergence", [*dncnn, *objective(*gan, f"loss: divergence, weight: 0.1, {features('encoder-16')}"), *conditional], "plain L1"),
    ("the same in features of VGG-19's width", [*dncnn, *objective(*gan, f"loss: divergence, weight: 0.1, {features('encoder-64')}"), *conditional],
     "plain L1"),
    ("one-to-many's three losses", [*dncnn, *objective(*one_to_many), *discriminator("dcgan2", 16)], "plain L1"),
    ("auto-encoder, plain L1", [*dagn, "sensitive", "--set", "network.predictsQuality=false", *plain], None),
    ("DAGN, insensitive stage", [*dagn, "insensitive"], "auto-encoder, plain L1"),
    ("DAGN, sensitive stage", [*dagn, "sensitive"], "auto-encoder, plain L1"),
    ("DAGN's U-net, plain L1", [*dagn, "restoration", *no_guide], None),
    ("DAGN, restoration stage", [*dagn, "restoration"], "DAGN's U-net, plain L1"),
]


def train(name, recipe, steps, report):
    """Steps a second at the end, seconds of a core in all, and the peak of the resident set in MiB."""
    folder = scratch / name
    shutil.rmtree(folder, ignore_errors=True)
    words = [options.unpress, "train", *recipe, "-o", str(folder), "--threads", str(options.threads), "--report", str(report),
             "--set", f"name={name}", "--set", f"steps={steps}"]
    with subprocess.Popen(words, cwd=root, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        text = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"{name}: {text}")
    log = next(folder.rglob("log.jsonl")).read_text().splitlines()
    return json.loads(log[-1])["steps_per_second"], usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


wanted = [method for method in methods if not options.only or method[0] in options.only.split(";")]
for width in (16, 64):
    train(f"encoder-{width}", ["recipes/features/encoder.yaml", "--overlay", "small", "--set", f"network.width={width}"], 1, 1)
start = 2
speeds, cores, peaks = ({name: [] for name, *_ in wanted} for _ in range(3))
for _ in range(options.rounds):
    for name, recipe, _ in wanted:
        _, short, _ = train("run", recipe, start, 1)
        speed, long, peak = train("run", recipe, options.steps, options.steps // 2)
        speeds[name].append(speed)
        cores[name].append((long - short) / (options.steps - start))
        peaks[name].append(peak)
        print(f"{name}: {speed:.2f} steps/s, {cores[name][-1]:.3f} s of a core a step, {peak:.0f} MiB", file=sys.stderr, flush=True)

print(f"{options.threads} threads, {options.steps} steps, {options.rounds} rounds, interleaved\n")
print("| training | steps/s by the clock | core s a step | every round | speed beside plain | peak memory |")
print("|---|---:|---:|---|---:|---:|")
for name, _, base in wanted:
    core = statistics.median(cores[name])
    share = f"{100 * statistics.median(cores[base]) / core:.0f} %" if base in cores else ""
    each = ", ".join(f"{value:.3f}" for value in cores[name])
    print(f"| {name} | {statistics.median(speeds[name]):.2f} | {core:.3f} | {each} | {share} | {max(peaks[name]):.0f} MiB |")
