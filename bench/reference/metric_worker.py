"""The Python side of bench/metrics.py: one metric over pairs of pictures in one process. Prints what a picture costs, and its scores, as JSON.

    python3 bench/reference/metric_worker.py weights MODELS NAME     made-up weights under the names of the published files
    python3 bench/reference/metric_worker.py run MODELS NAME PICTURES REFERENCES COUNT
"""
import importlib
import json
import pathlib
import sys
import time

import numpy as np
import torch
from PIL import Image

here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent.parent / "tests" / "parity")]

import formula  # noqa: E402
import plain_metrics  # noqa: E402

PLAIN = {
    "psnr": lambda models: plain_metrics.psnr, "ssim": lambda models: plain_metrics.ssim, "ms-ssim": lambda models: plain_metrics.ms_ssim,
    "niqe": lambda models: lambda x, y, metric=plain_metrics.Niqe(models): metric(x),
    "brisque": lambda models: lambda x, y, metric=plain_metrics.Brisque(models): metric(x),
}
FULL_TOPIQ = {"STEM": 64, "BLOCKS": (3, 4, 6, 3), "WIDTH": 256, "HEADS": 4, "INNER": 1024}
FULL_CLIP = {
    "WIDTH": 64, "BLOCKS": (3, 4, 6, 3), "FEATURES": 1024, "TEXT": 512, "HEADS": 8, "LAYERS": 12, "WORDS": 49408, "CONTEXT": 77,
    "PAIRS": (((886, 2867), (2103, 2867)), ((8157, 2867), (21977, 2867)), ((8157, 20938), (21977, 20938)), ((1400, 9977, 2867), (1042, 9977, 2867)),
              ((9307, 268, 1139, 2867), (33495, 2867))),
}
# A module of tests/parity/networks at its full size: constants, what makes it, its files, and which tensors are in each under which prefix.
LEARNED = {
    "lpips-alex": ("lpips", {}, lambda m: m.CASES["lpips_alex"].model, {"alexnet-owt-7be5be79.pth": "net.", "lpips-alex.pth": None}),
    "dists": ("dists", {"WIDTH": 64}, lambda m: m.Dists(), {"vgg16-397923af.pth": "net.", "dists-weights.pt": None}),
    "topiq-fr": ("topiq", FULL_TOPIQ, lambda m: m.Topiq(True), {"cfanet_fr_kadid_res50-2c4cc61d.pth": None}),
    "topiq-nr": ("topiq", FULL_TOPIQ, lambda m: m.Topiq(False), {"cfanet_nr_koniq_res50-9a73138b.pth": None}),
    "musiq": ("musiq", {"SIDES": (224, 384), "STEM": 64, "GROUPS": 32, "WIDTH": 384, "HEADS": 6, "BLOCKS": 14, "INNER": 1152},
              lambda m: m.Musiq(1), {"musiq_koniq_ckpt-e95806b9.pth": None}),
    "hyperiqa": ("hyperiqa", {"STEM": 64}, lambda m: m.HyperIqa(), {"HyperIQA-resnet50-koniq10k-c96c41b1.pth": None}),
    "clip-iqa": ("clipiqa", FULL_CLIP, lambda m: m.ClipIqa(), {"clip-RN50.pt": None}),
}
BLIND = {"topiq-nr", "musiq", "hyperiqa", "clip-iqa"}


def learned(name):
    module, constants, make, files = LEARNED[name]
    if name == "hyperiqa":  # its backbone is that of topiq.py
        vars(importlib.import_module("networks.topiq")).update(FULL_TOPIQ)
    network = importlib.import_module(f"networks.{module}")
    vars(network).update(constants)
    model = formula.fill(make(network)).eval()
    if name == "clip-iqa":  # prompts are read once, as ours are
        read, known = model.text, {}
        model.text = lambda words: known[words] if words in known else known.setdefault(words, read(words))
    return model, files


def weights(models, name):
    model, files = learned(name)
    state = dict(model.state_dict())
    for file, prefix in files.items():
        own = {key[len(prefix or ""):]: value for key, value in state.items() if prefix is None or key.startswith(prefix)}
        state = {key: value for key, value in state.items() if prefix is None or not key.startswith(prefix)}
        torch.save(own, pathlib.Path(models) / file)


def picture(path):
    return torch.from_numpy(np.asarray(Image.open(path).convert("RGB")).transpose(2, 0, 1).copy())


@torch.no_grad()
def run(models, name, pictures, references, count):
    torch.set_num_threads(2)
    files = sorted(pathlib.Path(pictures).iterdir())[:count]
    if name in PLAIN:
        metric = PLAIN[name](models)
        score = lambda path: float(metric(picture(path).double(), picture(pathlib.Path(references) / path.name).double()))
    else:
        model, _ = learned(name)
        unit = lambda path: picture(path)[None].float() / 255
        score = lambda path: float(model(unit(path)) if name in BLIND else model(unit(path), unit(pathlib.Path(references) / path.name)))
    score(files[0])
    wall, core = time.perf_counter(), time.process_time()
    scores = [score(path) for path in files]
    print(json.dumps({"wall": (time.perf_counter() - wall) / count, "core": (time.process_time() - core) / count, "scores": scores}))


if __name__ == "__main__":
    if sys.argv[1] == "weights":
        weights(*sys.argv[2:])
    else:
        run(*sys.argv[2:6], int(sys.argv[6]))
