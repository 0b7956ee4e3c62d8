"""Training, side by side: `unpress train` of the default recipe, patches compressed on the fly, and the same loop in python3-torch.

    python3 bench/training.py [--rounds 2] [--steps 60]

Run where the recipe's pictures are. The two take turns. Images a second are those of the second half of each run: start, warm-up,
checkpoint and the packing of the pictures are left out. The share of waiting is what `unpress train` prints.
"""
import argparse
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
run_folder = here.parent / ".build" / "bench" / "training"
batch = 8

arguments = argparse.ArgumentParser()
arguments.add_argument("--rounds", type=int, default=2)
arguments.add_argument("--steps", type=int, default=60)
options = arguments.parse_args()
report = options.steps // 2


def ours():
    shutil.rmtree(run_folder, ignore_errors=True)
    done = subprocess.run(
        [here.parent / "unpress", "train", "recipes/unpress/default.yaml", "-o", run_folder, "--threads", "2", "--report", str(report),
         "--set", f"steps={options.steps}"],
        cwd=here.parent, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, check=True)
    text = " ".join(done.stderr.split())
    speed = re.findall(r"([\d.]+) steps/s", text)[-1]
    wait = (re.findall(r"data wait ([\d.]+) %", text) or ["0"])[-1]
    return batch * float(speed), float(wait)


def torch_side(**environment):
    done = subprocess.run([sys.executable, here / "reference" / "train.py", str(options.steps), str(report)],
                          env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True, check=True)
    return float(done.stdout.split()[-1])


speeds, waits = {"ours": [], "torch": [], "torch, long spin": []}, []
for _ in range(options.rounds):
    speed, wait = ours()
    speeds["ours"].append(speed)
    waits.append(wait)
    speeds["torch"].append(torch_side(GOMP_SPINCOUNT="1000"))
    speeds["torch, long spin"].append(torch_side())

print(f"{batch}x96x96, two threads, {options.steps} steps, {options.rounds} rounds, interleaved\n")
print("| trainer | images/s | every round | ours is faster by |")
print("|---|---|---|---|")
for name, values in speeds.items():
    median = statistics.median(values)
    print(f"| {name} | {median:.1f} | {', '.join(f'{v:.1f}' for v in values)} | {statistics.median(speeds['ours']) / median:.2f} |")
print(f"\nShare of the time our training thread waited for data: {', '.join(f'{w:.1f}' for w in waits)} %")
