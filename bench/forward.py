"""One forward pass of the default network, side by side: what enhance runs, ONNX Runtime by itself, our libtorch, python3-torch.

    dotnet build -c Release bench/Unpress.Bench && ./unpress set-up-workshop      once
    python3 bench/forward.py 512 512 [--rounds 15] [--threads 2]

Same weights, same picture. The engines take turns (A B C A B C ...), so that whatever else the machine does meets them all; the medians
are compared. "core ms" is the time that all threads of an engine had a core, waiting by spinning included: on a busy machine it says more
than the clock. The outputs must agree. "torch, long spin" is python3-torch with libgomp as it comes: ours shortens the time in which
threads wait by spinning (GOMP_SPINCOUNT, see Interop/Native.cs), so torch is run both ways. On a processor with AVX512-BF16 libtorch is run in
bf16, too.
"""
import argparse
import pathlib
import subprocess
import sys

import reference.twin as twin
from reference.engine import Engine, app, bench, picture, scratch, take_turns

arguments = argparse.ArgumentParser()
arguments.add_argument("height", type=int)
arguments.add_argument("width", type=int)
arguments.add_argument("--rounds", type=int, default=15)
arguments.add_argument("--threads", type=int, default=2)
options = arguments.parse_args()
size = [options.height, options.width]

scratch.mkdir(parents=True, exist_ok=True)
weights, onnx, raw = scratch / "seeded.safetensors", scratch / "seeded.onnx", scratch / "picture.raw"
subprocess.run(["dotnet", app, "weights", weights], check=True)
subprocess.run([bench.parent / "unpress", "export", weights, "-o", onnx, "--overwrite"], check=True)
picture(*size).tofile(raw)
tail = [raw, *size, options.threads]
torch_side = [sys.executable, bench / "reference" / "forward.py", weights, *tail]
engines = [
    Engine("ours, ONNX Runtime", ["dotnet", app, "onnx", onnx, *tail, "ours"]),
    Engine("ONNX Runtime by itself", ["dotnet", app, "onnx", onnx, *tail, "raw"]),
    Engine("ours, libtorch", ["dotnet", app, "forward", weights, *tail, "fp32"]),
    Engine("torch", [*torch_side, "contiguous"], GOMP_SPINCOUNT="1000"),
    Engine("torch, channels-last", [*torch_side, "channels-last"], GOMP_SPINCOUNT="1000"),
    Engine("torch, long spin", [*torch_side, "contiguous"]),
]
if "avx512_bf16" in pathlib.Path("/proc/cpuinfo").read_text():
    engines += [
        Engine("ours, libtorch, bf16", ["dotnet", app, "forward", weights, *tail, "bf16"]),
        Engine("torch, bf16", [*torch_side, "contiguous", "bf16"], GOMP_SPINCOUNT="1000"),
        Engine("torch, channels-last, bf16", [*torch_side, "channels-last", "bf16"], GOMP_SPINCOUNT="1000"),
    ]
take_turns(engines, options.rounds)

giga = 2 * twin.multiply_accumulates(twin.load(weights), *size) / 1e9
ours = engines[0]
wanted = ours.output()
print(f"{size[0]}x{size[1]}, {giga:.2f} GFLOP, {options.threads} threads, median of {options.rounds}, interleaved\n")
print("| engine | median ms | fastest ms | core ms | GFLOP/s | time relative to ours | max. difference of outputs | versions |")
print("|---|---|---|---|---|---|---|---|")
for engine in engines:
    median, fastest, core, ratio = engine.figures(ours)
    difference = abs(engine.output() - wanted).max()
    print(f"| {engine.name} | {median:.1f} | {fastest:.1f} | {core:.0f} | {giga / median * 1e3:.1f} | {ratio:.2f} | {difference:.1e} "
          f"| {engine.about[len('ready '):]} |")
