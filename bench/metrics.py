"""What a picture costs by each metric: `unpress measure` beside python3-torch, the same pictures, the same numbers.

    ./unpress --version && dotnet build -c Release src/Unpress.Cli
    python3 bench/metrics.py [metric ...] [--size 384x256] [--models FOLDER]

Start-up does not count: ours is run on a third of the pictures and on all of them, and the difference is divided by the difference of their
numbers; Python measures one picture before its clock starts. "Core" is the time that all threads had a core: on a busy machine it says more than
the clock. Both decode their pictures. Pictures are made here: smooth, with noise, and compressed by Pillow at quality 20. Networks have
made-up weights in their full size, filed under the names of the published ones; `--models` is a folder with the published parameters of NIQE and
BRISQUE. The scores of both sides must agree. The peak is the memory of the whole process with a third and with all of the pictures.
"""
import argparse
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import numpy
from PIL import Image

here = pathlib.Path(__file__).resolve().parent
app = here.parent / "src" / "Unpress.Cli" / "bin" / "Release" / "net10.0" / "Unpress.Cli.dll"
worker = here / "reference" / "metric_worker.py"
PLAIN = ["psnr", "ssim", "ms-ssim", "niqe", "brisque"]
LEARNED = ["lpips-alex", "dists", "topiq-fr", "topiq-nr", "musiq", "hyperiqa", "clip-iqa"]


def make_pictures(folder, count, width, height):
    random = numpy.random.default_rng(1)
    y, x = numpy.mgrid[0:height, 0:width] / 40.0
    for side in ("originals", "pictures"):
        (folder / side).mkdir()
    for k in range(count):
        smooth = numpy.stack([numpy.sin(x + k), numpy.cos(y * (1 + k % 5)), numpy.sin(x * y / 3 + k)], 2) * 70 + 128
        picture = Image.fromarray((smooth + random.normal(0, 12, smooth.shape)).clip(0, 255).astype(numpy.uint8))
        picture.save(folder / "originals" / f"{k:04}.png", compress_level=1)
        jpeg = folder / "one.jpg"
        picture.save(jpeg, quality=20)
        Image.open(jpeg).save(folder / "pictures" / f"{k:04}.png", compress_level=1)


def ours(metric, folder, count, environment):
    """Seconds by the clock, seconds of a core, peak in MB, and the scores of `unpress measure` on the first pictures."""
    with tempfile.TemporaryDirectory(dir=folder) as chosen:
        for side in ("originals", "pictures"):
            (pathlib.Path(chosen) / side).mkdir()
            for file in sorted((folder / side).iterdir())[:count]:
                os.link(file, pathlib.Path(chosen) / side / file.name)
        start = time.perf_counter()
        process = subprocess.Popen(["dotnet", app, "measure", f"{chosen}/originals", f"{chosen}/pictures", "--metrics", metric, "--json"],
                                   env=environment, stdout=subprocess.PIPE)
        output = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    if status:
        sys.exit(f"{metric}: unpress measure failed")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, [float(one["values"][metric]) for one in json.loads(output)["pictures"]]


def compare(metric, folder, models, count):
    environment = {**os.environ, "UNPRESS_MODELS": str(models)}
    if metric in LEARNED:
        subprocess.run([sys.executable, worker, "weights", models, metric], check=True)
    few = ours(metric, folder, count // 3, environment)
    all_ = ours(metric, folder, count, environment)
    wall, core = ((all_[k] - few[k]) / (count - count // 3) for k in (0, 1))
    python = json.loads(subprocess.run([sys.executable, worker, "run", models, metric, folder / "pictures", folder / "originals", str(count)],
                                       env={**os.environ, "GOMP_SPINCOUNT": "100"}, stdout=subprocess.PIPE, check=True).stdout)
    difference = max(abs(a - b) / max(abs(b), 1e-9) for a, b in zip(all_[3], python["scores"]))
    print(f"| `{metric}` | {1 / core:.2f} | {1 / python['core']:.2f} | {python['core'] / core:.2f} | {1 / wall:.2f} | {1 / python['wall']:.2f} "
          f"| {difference:.0e} | {few[2]:.0f}, {all_[2]:.0f} |", flush=True)


arguments = argparse.ArgumentParser()
arguments.add_argument("metrics", nargs="*", default=PLAIN + LEARNED)
arguments.add_argument("--size", default="384x256")
arguments.add_argument("--plain", type=int, default=150, help="pictures for metrics without a network")
arguments.add_argument("--learned", type=int, default=12, help="pictures for metrics with one")
arguments.add_argument("--models", type=pathlib.Path, help="folder with niqe_pris_params.npz, brisque-allmodel, brisque-allrange")
options = arguments.parse_args()
width, height = map(int, options.size.split("x"))
with tempfile.TemporaryDirectory() as scratch:
    folder, models = pathlib.Path(scratch), pathlib.Path(scratch) / "models"
    models.mkdir()
    for published in ("niqe_pris_params.npz", "brisque-allmodel", "brisque-allrange"):
        found = options.models and next(options.models.rglob(published), None) or options.models and next(options.models.rglob(published.removeprefix("brisque-")), None)
        if found:
            shutil.copy(found, models / published)
    make_pictures(folder, max(options.plain if set(options.metrics) & set(PLAIN) else 0, options.learned), width, height)
    print(f"pictures of {width}x{height}, a second\n")
    print("| metric | ours, of a core | Python, of a core | times | ours, by the clock | Python, by the clock | difference of scores | our peak, MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for metric in options.metrics:
        compare(metric, folder, models, options.plain if metric in PLAIN else options.learned)
