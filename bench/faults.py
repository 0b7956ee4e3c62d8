"""What is left after sudden deaths and full disks, counted. As root (it mounts a small disk and becomes another user); needs PICTURES, a folder of small ones.

    python3 bench/faults.py PICTURES SCRATCH [--only enhance,merge,two,disk,permission,clock,train,lab,parts] [--kills 100]

Each line is one fault: how often it was made, and what was wrong afterwards. A result is wrong when it is there and not, byte for byte, that of a run that nobody
disturbed; a loss is a result that is missing in the end, or that --resume does not know.
"""
import argparse
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import time

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("pictures", type=pathlib.Path)
parser.add_argument("scratch", type=pathlib.Path)
parser.add_argument("--only", default="enhance,merge,two,disk,permission,clock,train,lab,parts")
parser.add_argument("--kills", type=int, default=100)
parser.add_argument("--count", type=int, default=60, help="pictures of an enhance")
parser.add_argument("--unpress", default=str(root / "unpress"), help="the program")
options = parser.parse_args()
scratch = options.scratch.resolve()
chance = random.Random(1)
pictures = scratch / "in"


def command(what, *arguments):
    return [options.unpress, what, *map(str, arguments), *(["--model", "plain"] if what == "enhance" else [])]


def call(*arguments, **more):
    return subprocess.run(command(*arguments), capture_output=True, text=True, **more)


def sums(folder, ending=".png"):
    found = {}
    for here, _, names in os.walk(folder):
        for name in names:
            if name.endswith(ending) and not name.startswith("."):
                path = pathlib.Path(here, name)
                found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def temporary(folder):
    return sum(name.endswith(".tmp") for _, _, names in os.walk(folder) for name in names)


def tell(fault, times, *findings):
    print(f"| {fault} | {times} | {'; '.join(findings)} |", flush=True)


def killed(arguments, seconds, **more):
    """True when it was still at work."""
    process = subprocess.Popen(command(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def fresh(name):
    folder = scratch / name
    shutil.rmtree(folder, ignore_errors=True)
    return folder


def enhance():
    """The same folder until it is complete, then a new one; killed at any time from the start on."""
    out, kills, ends, wrong, again = fresh("out"), 0, 0, 0, 0
    arguments = ("enhance", pictures, "-r", "-o", out, "--threads", 1, "--resume")
    while kills < options.kills:
        before = sums(out)
        if killed(arguments, chance.uniform(0.1, 1.2) * whole_seconds):
            kills += 1
        else:
            ends += 1
        after = sums(out)
        wrong += sum(whole.get(name) != value for name, value in after.items()) + sum(name not in after for name in before)
        if len(after) == len(whole):
            unknown, left = finish(out)
            again += unknown
            fresh("out")
    unknown, left = finish(out)
    tell("kill -9 of enhance", kills, f"{wrong} wrong results", f"{again + unknown} results that --resume does not know", f"{left} temporary files left after the last --resume")


def finish(out):
    """Results that the journals do not know after a last run, and temporary files."""
    said = call("enhance", pictures, "-r", "-o", out, "--threads", 1, "--resume", "-v")
    assert said.returncode == 0, said.stderr
    assert sums(out) == whole, "not all there"
    return said.stdout.count("not as the journal says"), temporary(out)


def journal_lines(out):
    return [line for path in sorted(out.rglob(".unpress-journal*.jsonl")) for line in path.read_text().splitlines()]


def merge():
    template = fresh("parts")
    for part in (1, 2, 3):
        assert call("enhance", pictures, "-r", "-o", template, "--threads", 1, "--shard", f"{part}/3").returncode == 0
    # Many folders, so that there is something to be killed in.
    first = next(path for path in template.iterdir() if path.is_dir())
    for copy in range(400):
        folder = template / f"copy{copy}"
        folder.mkdir()
        for path in first.glob(".unpress-journal*"):
            shutil.copy(path, folder)
    expected = set(journal_lines(template))
    began = time.time()
    out = fresh("merged")
    shutil.copytree(template, out)
    call("merge", out)
    seconds = time.time() - began
    kills, ends, lost, torn = 0, 0, 0, 0
    while kills < options.kills:
        out = fresh("merged")
        shutil.copytree(template, out)
        in_folder = {path: set(journal_lines(path)) for path in out.iterdir() if path.is_dir()}
        while killed(("merge", out), chance.uniform(0.2, 1.0) * seconds) and kills < options.kills:
            kills += 1
            lost += sum(not lines <= set(journal_lines(path)) for path, lines in in_folder.items())
        ends += 1
        call("merge", out)
        torn += len(set(journal_lines(out)) ^ expected) + sum(1 for _ in out.rglob(".unpress-journal.*-of-*"))
    tell("kill -9 of merge", kills, f"{lost} folders that lost a line", f"{torn} lines or parts too many or too few in the end")


def two():
    rounds, wrong, unknown = 10, 0, 0
    for _ in range(rounds):
        out = fresh("out")
        both = [subprocess.Popen(command("enhance", pictures, "-r", "-o", out, "--threads", 1), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        wrong += sum(process.wait() != 0 for process in both) + (sums(out) != whole)
        unknown += finish(out)[0]
    tell("two enhance on one folder of results", rounds, f"{wrong} failures or wrong results", f"{unknown} results that --resume does not know")


def disk():
    out = fresh("disk")
    out.mkdir()
    size = sum((scratch / "whole" / name).stat().st_size for name in whole)
    rounds, wrong, silent, left = 5, 0, 0, 0
    for round_ in range(rounds):
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size * (round_ + 1) // (rounds + 1)}", "unpress", out], check=True)
        try:
            said = call("enhance", pictures, "-r", "-o", out, "--threads", 1)
            silent += said.returncode != 1 or "No space left" not in said.stderr
            left += temporary(out)
            wrong += sum(whole.get(name) != value for name, value in sums(out).items())
            subprocess.run(["mount", "-o", f"remount,size={size * 4}", out], check=True)
            wrong += finish(out)[0]
        finally:
            subprocess.run(["umount", out], check=True)
    tell("disk full, then room again", rounds, f"{wrong} wrong results", f"{silent} runs that did not say so", f"{left} temporary files")


def permission():
    """Folders of results that may not be written to, half of them; as nobody, since nothing is closed to root."""
    out = fresh("closed")
    home = fresh("home")
    home.mkdir()
    os.chmod(scratch, 0o755)
    out.mkdir()
    folders = sorted(path.name for path in pictures.iterdir())
    for name in folders:
        (out / name).mkdir()
        os.chown(out / name, 65534, 65534)
    for path in (out, home):
        os.chown(path, 65534, 65534)
    for name in folders[::2]:
        os.chmod(out / name, 0o555)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "env", f"HOME={home}", f"TMPDIR={home}"]
    arguments = command("enhance", pictures, "-r", "-o", out, "--threads", 1, "--resume")
    first = subprocess.run(nobody + arguments, capture_output=True, text=True)
    wrong = sum(whole.get(name) != value for name, value in sums(out).items())
    told = sum("ermission" in line or "denied" in line for line in first.stderr.splitlines())
    missing = len(whole) - len(sums(out))
    for name in folders[::2]:
        os.chmod(out / name, 0o755)
    second = subprocess.run(nobody + arguments, capture_output=True, text=True)
    tell("permission lost, then given back", 1, f"{wrong} wrong results", f"exit code {first.returncode}, {told} lines for {missing} pictures",
         f"then exit code {second.returncode}, {'all there' if sums(out) == whole else 'not all there'}")


def train():
    """A tiny training with a checkpoint every few steps, killed again and again, against one that nobody disturbed."""
    more = ("--overlay", "smoke", "--threads", 1, "--report", 10)
    recipe = root / "recipes" / "baseline" / "dncnn.yaml"
    quiet, run = fresh("quiet"), fresh("run")
    began = time.time()
    said = call("train", recipe, *more, "-o", quiet, cwd=root)
    assert said.returncode == 0, said.stderr
    seconds, kills = time.time() - began, 0
    most, different, rounds = options.kills, 0, 0
    while kills < most:
        run, rounds = fresh("run"), rounds + 1
        while True:
            resume = ["--resume"] if list(run.rglob("checkpoint-*")) else []
            if not resume:
                shutil.rmtree(run, ignore_errors=True)
            if killed(("train", recipe, *more, "-o", run, *resume), chance.uniform(0.3, 1.1) * seconds, cwd=root):
                kills += 1
                continue
            break
        different += sums(run, "model.safetensors") != sums(quiet, "model.safetensors")
    tell("kill -9 of train", kills, f"{rounds} trainings that came to their end", f"{different} with other weights than the undisturbed one")


def clock():
    """Half of a run, then the rest with a clock that has jumped back or forward, as libfaketime shows it to the program (Debian's package faketime)."""
    rounds, wrong, unknown, redone = 0, 0, 0, 0
    for jump in ("-1d", "+1d", "-1h", "+400d", "-10y", "+10y"):
        out, rounds = fresh("out"), rounds + 1
        while not 0 < len(sums(out)) < len(whole):
            out = fresh("out")
            killed(("enhance", pictures, "-r", "-o", out, "--threads", 1), chance.uniform(0.5, 0.9) * whole_seconds)
        before = {name: (out / name).stat().st_ino for name in sums(out)}
        with_jump = ["faketime", "-f", jump, *command("enhance", pictures, "-r", "-o", out, "--threads", 1, "--resume")]
        said = subprocess.run(with_jump, capture_output=True, text=True, env={**os.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "1"})
        assert said.returncode == 0, said.stderr
        redone += sum((out / name).stat().st_ino != inode for name, inode in before.items())
        wrong += sum(whole.get(name) != value for name, value in sums(out).items())
        unknown += finish(out)[0]
    tell("a clock that jumps by an hour to ten years, then --resume", rounds, f"{wrong} wrong results", f"{redone} results made again", f"{unknown} results that --resume does not know")


def lab_recipe():
    recipe = scratch / "lab.yaml"
    recipe.write_text(f"name: faults\nsets: [{{ name: s, folder: {pictures} }}]\ncompression: [{{ codec: jpeg, settings: [10, 20, 30, 40] }}]\n"
                      "enhancers: [{ name: plain, model: plain }]\nmetrics: [psnr, ssim]\nkeep: { pictures: 0 }\n")
    return recipe


def figures(run):
    """Whole lines without what is not decided by the recipe, the time that it took."""
    path, found = run / "results.jsonl", []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            found.append(json.dumps({key: value for key, value in json.loads(line).items() if key != "seconds"}, sort_keys=True))
        except ValueError:
            pass  # cut off in the middle by the kill
    return found


def lab():
    recipe, quiet = lab_recipe(), fresh("quiet")
    began = time.time()
    said = call("lab", "restore", recipe, "-o", quiet)
    assert said.returncode == 0, said.stderr
    seconds, expected = time.time() - began, sorted(figures(quiet))
    kills, rounds, lost, different = 0, 0, 0, 0
    while kills < options.kills:
        run, rounds = fresh("run"), rounds + 1
        while True:
            before = set(figures(run))
            still = killed(("lab", "restore", recipe, "-o", run), chance.uniform(0.2, 1.1) * seconds)
            lost += len(before - set(figures(run)))
            if not still:
                break
            kills += 1
        different += sorted(figures(run)) != expected
    tell("kill -9 of lab, then the same again", kills, f"{rounds} runs that came to their end", f"{lost} figures lost", f"{different} runs with other or doubled figures")


def parts():
    """The merge of an experiment's parts."""
    recipe, quiet = lab_recipe(), fresh("quiet")
    assert call("lab", "restore", recipe, "-o", quiet).returncode == 0
    fresh("joined")
    for part in (1, 2, 3):
        fresh(f"joined.{part}-of-3")
        assert call("lab", "restore", recipe, "-o", scratch / "joined", "--shard", f"{part}/3").returncode == 0
    expected = sorted(figures(quiet))
    began = time.time()
    call("merge", scratch / "joined")
    seconds, kills, rounds, wrong = time.time() - began, 0, 0, 0
    while kills < options.kills:
        run, rounds = fresh("joined"), rounds + 1
        while killed(("merge", run), chance.uniform(0.3, 1.0) * seconds) and kills < options.kills:
            kills += 1
            wrong += not set(figures(run)) <= set(expected)
        call("merge", run)
        wrong += sorted(figures(run)) != expected or temporary(run) > 0
    tell("kill -9 of merge of an experiment's parts, then once more", kills, f"{wrong} folders with other than all figures or with a temporary file")


shutil.rmtree(scratch, ignore_errors=True)
scratch.mkdir(parents=True)
files = sorted(path for path in options.pictures.rglob("*") if path.is_file())[: options.count]
for place, path in enumerate(files):
    target = pictures / f"{place % 6}" / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)
os.chmod(scratch, 0o755)
began = time.time()
first = call("enhance", pictures, "-r", "-o", scratch / "whole", "--threads", 1)
assert first.returncode == 0, first.stderr
whole_seconds = time.time() - began
whole = sums(scratch / "whole")
print(f"{len(whole)} pictures, {whole_seconds:.1f} s undisturbed\n\n| fault | times | afterwards |\n|---|---:|---|", flush=True)
for name in options.only.split(","):
    globals()[name]()
shutil.rmtree(scratch)
