"""One forward pass of the default network, side by side: ours (C#), python3-torch eager, ONNX Runtime.

    npm --prefix bench/reference install --ignore-scripts --no-package-lock    once; its CPU library is in the package
    dotnet build -c Release bench/Unpress.Bench                 once; ./unpress builds the native library
    python3 bench/forward.py 512 512 [--rounds 15] [--threads 2]

Same weights, same picture. The engines take turns (A B C A B C ...), so that whatever else the machine does meets them all; the medians
are compared. "core ms" is the time that all threads of an engine had a core, waiting by spinning included: on a busy machine it says more
than the clock. The outputs must agree. "torch, long spin" is python3-torch with libgomp as it comes: ours shortens the time in which
threads wait by spinning (GOMP_SPINCOUNT, see Interop/Native.cs), so torch is run both ways. On a processor with AVX512-BF16 both are run in
bf16, too.
"""
import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy

import reference.twin as twin

here = pathlib.Path(__file__).resolve().parent
scratch = here.parent / ".build" / "bench"
app = here / "Unpress.Bench" / "bin" / "Release" / "net10.0" / "Unpress.Bench.dll"


class Engine:
    def __init__(self, name, command, **environment):
        self.name = name
        self.times = []
        self.core_times = []
        self.process = subprocess.Popen([str(part) for part in command], env={**os.environ, **environment},
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.about = self.process.stdout.readline().strip()
        if not self.about.startswith("ready "):
            sys.exit(f"{name} did not start")

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()

    def run(self):
        time.sleep(0.1)  # the threads of the engine before stop spinning
        before = self.core_milliseconds()
        self.times.append(float(self.ask("run")))
        self.core_times.append(self.core_milliseconds() - before)

    def core_milliseconds(self):
        return sum(int(path.read_text().split()[0]) for path in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")) / 1e6

    def output(self):
        path = scratch / "output.raw"
        self.ask(f"write {path}")
        return numpy.fromfile(path, "<f4")


def picture(height, width):
    """Smooth gradients and a little seeded noise: no denormal numbers, no constant areas."""
    random = numpy.random.default_rng(1)
    y, x = numpy.mgrid[0:height, 0:width] / 64.0
    smooth = numpy.stack([numpy.sin(x), numpy.cos(y), numpy.sin(x + y)]) * 0.3 + 0.5
    return (smooth + random.normal(0, 0.05, smooth.shape)).clip(0, 1).astype("<f4")


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
subprocess.run([sys.executable, here / "reference" / "export.py", weights, *map(str, size), onnx], check=True)
picture(*size).tofile(raw)
tail = [raw, *size, options.threads]
torch_side = [sys.executable, here / "reference" / "forward.py", weights, *tail]
engines = [
    Engine("ours", ["dotnet", app, "forward", weights, *tail, "fp32"]),
    Engine("torch", [*torch_side, "contiguous"], GOMP_SPINCOUNT="1000"),
    Engine("torch, channels-last", [*torch_side, "channels-last"], GOMP_SPINCOUNT="1000"),
    Engine("torch, long spin", [*torch_side, "contiguous"]),
    Engine("ONNX Runtime", ["node", here / "reference" / "forward.mjs", onnx, *tail]),
]
if "avx512_bf16" in pathlib.Path("/proc/cpuinfo").read_text():
    engines += [
        Engine("ours, bf16", ["dotnet", app, "forward", weights, *tail, "bf16"]),
        Engine("torch, bf16", [*torch_side, "contiguous", "bf16"], GOMP_SPINCOUNT="1000"),
        Engine("torch, channels-last, bf16", [*torch_side, "channels-last", "bf16"], GOMP_SPINCOUNT="1000"),
    ]
for _ in range(2):
    for engine in engines:
        engine.run()
        engine.times.clear()
        engine.core_times.clear()
for _ in range(options.rounds):
    for engine in engines:
        engine.run()

giga = 2 * twin.multiply_accumulates(twin.load(weights), *size) / 1e9
ours = engines[0]
wanted = ours.output()
print(f"{size[0]}x{size[1]}, {giga:.2f} GFLOP, {options.threads} threads, median of {options.rounds}, interleaved\n")
print("| engine | median ms | fastest ms | core ms | GFLOP/s | ours is faster by | max. difference of outputs | versions |")
print("|---|---|---|---|---|---|---|---|")
for engine in engines:
    median = statistics.median(engine.times)
    difference = abs(engine.output() - wanted).max()
    print(f"| {engine.name} | {median:.1f} | {min(engine.times):.1f} "
          f"| {statistics.median(engine.core_times):.0f} | {giga / median * 1e3:.1f} "
          f"| {median / statistics.median(ours.times):.2f} | {difference:.1e} | {engine.about[len('ready '):]} |")
