"""Programs that restore a whole picture, side by side: seconds by the clock, seconds of a core, peak memory.

    python3 bench/enhance.py PICTURE [PICTURE ...] --program now=./unpress --program before=/path/to/an/older/unpress [--rounds 5] [--threads 2]

Each program runs "PROGRAM enhance PICTURE -o OUT --threads N --overwrite", in turns. "nothing" is the first program at --strength 0: reading, writing
and the start, without the network. python3-torch takes part with bench/reference/enhance.py where bench/forward.py left its weights.
"""
import argparse
import os
import statistics
import subprocess
import sys
import time

from reference.engine import bench, scratch

arguments = argparse.ArgumentParser()
arguments.add_argument("pictures", nargs="+")
arguments.add_argument("--program", action="append", required=True, metavar="NAME=COMMAND")
arguments.add_argument("--rounds", type=int, default=5)
arguments.add_argument("--threads", type=int, default=2)
options = arguments.parse_args()

scratch.mkdir(parents=True, exist_ok=True)
out = str(scratch / "out.png")
programs = {}
for entry in options.program:
    name, command = entry.split("=", 1)
    programs[name] = lambda picture, command=command: [*command.split(), "enhance", picture, "-o", out, "--threads", str(options.threads), "--overwrite"]
first = next(iter(programs.values()))
programs["nothing"] = lambda picture: first(picture) + ["--strength", "0"]
weights = scratch / "seeded.safetensors"
if weights.exists():
    programs["python3-torch"] = lambda picture: [sys.executable, str(bench / "reference" / "enhance.py"), str(weights), picture, out, str(options.threads)]


def run(command):
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(command)}: {complaint.decode()}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


for picture in options.pictures:
    runs = {name: [] for name in programs}
    for turn in range(options.rounds + 1):
        for name, command in programs.items():
            figures = run(command(picture))
            if turn > 0:  # the first fills the file cache
                runs[name].append(figures)
    print(f"\n{os.path.basename(picture)}, {options.threads} threads, median of {options.rounds}, in turns\n")
    print("| program | s | fastest s | core s | MiB at most |\n|---|---|---|---|---|")
    for name, figures in runs.items():
        clock, core, memory = zip(*figures)
        print(f"| {name} | {statistics.median(clock):.2f} | {min(clock):.2f} | {statistics.median(core):.2f} | {statistics.median(memory):.0f} |")
