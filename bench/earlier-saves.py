"""How often `unpress inspect` finds an earlier save of a JPEG, and how often it finds one that never was.

    python3 bench/earlier-saves.py LIVE1        # python3-pil

Each picture of the folder goes through a history: numbers are saves as JPEG at that quality factor (4:2:0, Pillow), "shift" crops 3 pixels left
and 5 at the top, "half" scales to one half (Lanczos), "png" at the end keeps the pixels in a file that says nothing of them.
"""
import argparse
import io
import json
import pathlib
import subprocess
import tempfile

from PIL import Image

arguments = argparse.ArgumentParser()
arguments.add_argument("folder")
arguments.add_argument("--unpress", default=str(pathlib.Path(__file__).resolve().parent.parent / "unpress"))
options = arguments.parse_args()

HISTORIES = ["png", "5", "10", "20", "30", "50", "75", "90", "96", "20 png", "60 png", "85 png", "20 90", "20 100", "50 85", "30 75", "20 shift 90",
             "20 shift 96", "20 shift 100", "30 shift 75", "50 shift 90", "75 shift 95", "85 shift 96", "20 half 90"]


def saved(picture, quality):
    memory = io.BytesIO()
    picture.save(memory, "JPEG", quality=quality)
    return memory.getvalue()


print("| history | pictures | found | quality right within 3 | place right |\n|---|---:|---:|---:|---:|")
originals = sorted(path for path in pathlib.Path(options.folder).iterdir() if path.suffix.lower() in (".png", ".bmp", ".ppm"))
for history in HISTORIES:
    steps = history.split()
    first = next((int(step) for step in steps if step.isdigit()), None)
    is_earlier = first is not None and steps != [str(first)] and "half" not in steps
    place = {"x": 5, "y": 3} if "shift" in steps else {"x": 0, "y": 0}
    with tempfile.TemporaryDirectory() as folder:
        for path in originals:
            picture = Image.open(path).convert("RGB")
            data = None
            for step in steps:
                if step == "shift":
                    picture = picture.crop((3, 5, picture.width, picture.height))
                elif step == "half":
                    picture = picture.resize((picture.width // 2, picture.height // 2), Image.LANCZOS)
                elif step != "png":
                    data = saved(picture, int(step))
                    picture = Image.open(io.BytesIO(data)).convert("RGB")
            if steps[-1] == "png":
                picture.save(pathlib.Path(folder) / f"{path.stem}.png")
            else:
                (pathlib.Path(folder) / f"{path.stem}.jpg").write_bytes(data)
        lines = subprocess.run([options.unpress, "inspect", folder, "--json"], check=True, capture_output=True, text=True).stdout.splitlines()
    found = [entry["earlier"] for entry in map(json.loads, lines) if entry["earlier"]]
    right = sum(abs(save["quality"] - first) <= 3 for save in found) if is_earlier else "-"
    there = sum(save["x"] == place["x"] and save["y"] == place["y"] for save in found) if is_earlier else "-"
    print(f"| {history} | {len(lines)} | {len(found)}{'' if is_earlier else ' (there is none to find)'} | {right} | {there} |", flush=True)
