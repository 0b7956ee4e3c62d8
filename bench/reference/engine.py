"""What bench/forward.py and bench/sessions.py share: engines in processes of their own that take turns, and the picture that they get."""
import os
import pathlib
import statistics
import subprocess
import sys
import time

import numpy

bench = pathlib.Path(__file__).resolve().parent.parent
scratch = bench.parent / ".build" / "bench"
app = bench / "Unpress.Bench" / "bin" / "Release" / "net10.0" / "Unpress.Bench.dll"


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

    def memory(self):
        """MiB now and at most."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        field = lambda name: int(status.split(name + ":")[1].split()[0]) / 1024
        return field("VmRSS"), field("VmHWM")

    def figures(self, ours):
        median = statistics.median(self.times)
        return median, min(self.times), statistics.median(self.core_times), median / statistics.median(ours.times)


def take_turns(engines, rounds):
    for engine in engines * 2:
        engine.run()
    for engine in engines:
        engine.times.clear()
        engine.core_times.clear()
    for _ in range(rounds):
        for engine in engines:
            engine.run()


def picture(height, width):
    """Smooth gradients and a little seeded noise: no denormal numbers, no constant areas."""
    random = numpy.random.default_rng(1)
    y, x = numpy.mgrid[0:height, 0:width] / 64.0
    smooth = numpy.stack([numpy.sin(x), numpy.cos(y), numpy.sin(x + y)]) * 0.3 + 0.5
    return (smooth + random.normal(0, 0.05, smooth.shape)).clip(0, 1).astype("<f4")
