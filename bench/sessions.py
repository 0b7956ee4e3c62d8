"""The choices of an ONNX Runtime session, side by side: time and memory of a pass, each choice in a process of its own, in turns.

    dotnet build -c Release bench/Unpress.Bench
    python3 bench/sessions.py models/plain.onnx 1024 1024 [--rounds 9] [--threads 2]
"""
import argparse

from reference.engine import Engine, app, picture, scratch, take_turns

CHOICES = ["ours", "raw", "raw+shrink", "raw+no-arena", "raw+no-arena+no-pattern", "raw+no-pattern", "raw+fixed-shape", "raw+no-spin",
           "raw+plain-layout", "raw+denormals-zero"]

arguments = argparse.ArgumentParser()
arguments.add_argument("model")
arguments.add_argument("height", type=int)
arguments.add_argument("width", type=int)
arguments.add_argument("--rounds", type=int, default=9)
arguments.add_argument("--threads", type=int, default=2)
options = arguments.parse_args()
size = [options.height, options.width]

scratch.mkdir(parents=True, exist_ok=True)
raw = scratch / "picture.raw"
picture(*size).tofile(raw)
engines = [Engine(choices, ["dotnet", app, "onnx", options.model, raw, *size, options.threads, choices]) for choices in CHOICES]
take_turns(engines, options.rounds)

print(f"{options.model}, {size[0]}x{size[1]}, {options.threads} threads, median of {options.rounds}, interleaved; {engines[0].about[len('ready '):]}\n")
print("| session | median ms | fastest ms | core ms | time relative to ours | MiB between passes | MiB at most |")
print("|---|---|---|---|---|---|---|")
for engine in engines:
    median, fastest, core, ratio = engine.figures(engines[0])
    resting, most = engine.memory()
    print(f"| {engine.name} | {median:.1f} | {fastest:.1f} | {core:.0f} | {ratio:.2f} | {resting:.0f} | {most:.0f} |")
