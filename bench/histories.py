"""How much models gain on JPEGs that were saved twice, cropped or scaled between: PSNR on the first 12 pictures of a folder.

    python3 bench/histories.py LIVE1 lite photo [--unpress ./unpress]

Needs Pillow and numpy. Saved at 4:2:0; the crop takes 3 pixels left and 5 at the top; scaling is Lanczos; the original goes through the same crop or scaling.
"png" is the same picture without the file's tables.
"""
import argparse
import io
import pathlib
import subprocess
import tempfile

import numpy
from PIL import Image

CROP = lambda image: image.crop((3, 5, image.width, image.height))
SCALE = lambda factor: lambda image: image.resize((round(image.width * factor), round(image.height * factor)), Image.LANCZOS)
HISTORIES = {
    "QF 20": (None, 20, None),
    "QF 20, then 90": (None, 20, 90),
    "QF 20, shift, then 90": (CROP, 20, 90),
    "QF 20, shift, then 96": (CROP, 20, 96),
    "QF 20, shift, then 96, png": (CROP, 20, 96),
    "QF 20, shift, then 100": (CROP, 20, 100),
    "QF 30, shift, then 75": (CROP, 30, 75),
    "QF 30, scaled to 1/2, then 90": (SCALE(0.5), 30, 90),
    "QF 30, scaled to 0.7, then 85": (SCALE(0.7), 30, 85),
}

arguments = argparse.ArgumentParser()
arguments.add_argument("folder", type=pathlib.Path)
arguments.add_argument("models", nargs="+")
arguments.add_argument("--unpress", default=str(pathlib.Path(__file__).resolve().parent.parent / "unpress"))
options = arguments.parse_args()
originals = [Image.open(path).convert("RGB") for path in sorted(options.folder.glob("*.png"))[:12]]


def jpeg(image, quality):
    memory = io.BytesIO()
    image.save(memory, "JPEG", quality=quality, subsampling=2)
    return memory.getvalue()


def pixels(data):
    return Image.open(io.BytesIO(data)).convert("RGB")


def psnr(a, b):
    error = numpy.asarray(a, float) - numpy.asarray(b, float)
    return 10 * numpy.log10(255 ** 2 / (error ** 2).mean())


print(f"| history | JPEG, dB | {' | '.join(options.models)} |\n|---|---|{'---|' * len(options.models)}")
for name, (change, first, second) in HISTORIES.items():
    with tempfile.TemporaryDirectory() as scratch:
        inputs = pathlib.Path(scratch, "in")
        inputs.mkdir()
        references, before = [], []
        for number, original in enumerate(originals):
            reference = change(original) if change else original
            saved = pixels(jpeg(original, first))
            data = jpeg(original, first) if second is None else jpeg(change(saved) if change else saved, second)
            references.append(reference)
            before.append(psnr(reference, pixels(data)))
            if name.endswith("png"):
                pixels(data).save(inputs / f"{number:02}.png")
            else:
                (inputs / f"{number:02}.jpg").write_bytes(data)
        gains = []
        for model in options.models:
            output = pathlib.Path(scratch, model.replace("/", "_"))
            subprocess.run([options.unpress, "enhance", inputs, "-o", output, "--model", model], check=True, stdout=subprocess.DEVNULL)
            after = [psnr(reference, Image.open(output / f"{number:02}.png").convert("RGB")) for number, reference in enumerate(references)]
            gains.append(f"{numpy.mean(after) - numpy.mean(before):+.2f}")
        print(f"| {name} | {numpy.mean(before):.2f} | {' | '.join(gains)} |", flush=True)
