"""How long the recipes' overlay "small" trains: core-seconds of a step, times its steps.

    python3 bench/small.py [--steps 8] [--only baseline/dncnn]

Run where the pictures of the overlays are. Every stage of every recipe is begun and stopped after some steps; the time that they had a core is
read between the first report and the last, which leaves out the start and does not depend on what else the machine does. Later stages and
recipes begin with what is left of earlier ones, which costs the same as trained weights; a discriminator that begins later begins at once.
"""
import argparse
import os
import pathlib
import re
import shutil
import signal
import subprocess

import yaml  # PyYAML

root = pathlib.Path(__file__).resolve().parent.parent
scratch = root / ".build" / "bench" / "small"

arguments = argparse.ArgumentParser()
arguments.add_argument("--steps", type=int, default=8, help="even")
arguments.add_argument("--only", default="", help="beginning of a recipe's path below recipes/; one that begins with another's weights needs all")
arguments.add_argument("--unpress", default=str(root / "unpress"), help="the program")
options = arguments.parse_args()

FOLDERS = ["features", "baseline", "gan", "unpress", "idempotent", "one-to-many", "bias", "dagn"]  # what others begin with comes first
REPORT = re.compile(r"^\s*([\d,]+)/([\d,]+)\s+loss")


def spent(process):
    fields = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def begin(recipe, stage, *more):
    """Core-seconds of a step and the steps that the overlay means, or what went wrong."""
    command = [options.unpress, "train", f"recipes/{recipe}.yaml", "--overlay", "small", "--threads", "1", "--report", "2", *more]
    process = subprocess.Popen(command + (["--stage", stage] if stage else []), cwd=scratch / "work",
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    first, found, last = None, None, ""
    for line in process.stdout:
        last = line.strip() or last
        if found is None and (report := REPORT.match(line)):
            step, steps = (int(number.replace(",", "")) for number in report.groups())
            if first is None:
                first = step, spent(process.pid)
            elif step >= options.steps:
                found = (spent(process.pid) - first[1]) / (step - first[0]), steps
                process.send_signal(signal.SIGTERM)
    process.wait()
    return found or last


def stages(path):
    """Of the recipe and of those that it extends, in their order; none where it has but one."""
    document = yaml.safe_load(path.read_text())
    below = document.get("extends", [])
    found = [stage for other in ([below] if isinstance(below, str) else below) for stage in stages(path.parent / other)]
    own = document.get("stages", {})
    return [stage for stage in dict.fromkeys(found + list(own)) if own.get(stage, {}) is not None]


shutil.rmtree(scratch, ignore_errors=True)
(scratch / "work").mkdir(parents=True)
(scratch / "shared").symlink_to((root.parent / "shared").resolve())
for name in ("models", "recipes"):
    (scratch / "work" / name).symlink_to(root / name)

print("| recipe | stage | core-seconds a step | steps | core-minutes |\n|---|---|---:|---:|---:|", flush=True)
for path in [path for folder in FOLDERS for path in sorted((root / "recipes" / folder).glob("*.yaml"))]:
    recipe = f"{path.parent.name}/{path.stem}"
    if "small" not in (yaml.safe_load(path.read_text()).get("overlays") or {}) or not recipe.startswith(options.only):
        continue
    for stage in stages(path) or [None]:
        found = begin(recipe, stage, "--set", "discriminator.start=0")
        if isinstance(found, str):
            found = begin(recipe, stage)
        told = f"{found[0]:.2f} | {found[1]:,} | {found[0] * found[1] / 60:.0f}" if isinstance(found, tuple) else f"{found} | |"
        print(f"| `{recipe}` | {stage or ''} | {told} |", flush=True)
