"""Many pictures: how fast, how much memory, what is done again after a sudden death. Needs ffmpeg, which makes the pictures.

    python3 bench/scale.py pictures TREE [--count 20000]    a tree of small JPEGs, 100 a folder, of five sizes from 64x64 to 128x128
    python3 bench/scale.py speed TREE [--count 1000]        pictures a second beside the network alone, of this program and of others (--beside)
    python3 bench/scale.py memory TREE                      the highest resident set size with 1,000, 10,000 and 20,000 pictures
    python3 bench/scale.py resume TREE [--count 1000]       kill -9 in the middle, then --resume: pictures that are done again
    python3 bench/scale.py names FOLDER [--count 1000000]   empty files in folders of 1,000: what listing them takes

The network alone is the sum of what the program says that it was at work in the same run (--json); "network of a quiet run" that of the run in
which nothing overlaps. Results go to a folder beside the tree and are removed. What other programs do at the same time changes seconds, and ratios less.
"""
import argparse
import json
import os
import pathlib
import random
import shutil
import subprocess
import time

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("what", choices=["pictures", "speed", "memory", "resume", "names"])
parser.add_argument("tree", type=pathlib.Path)
parser.add_argument("--count", type=int)
parser.add_argument("--unpress", default=str(root / "unpress"), help="the program")
parser.add_argument("--beside", help="another build of it, to compare with")
parser.add_argument("--threads", default="1")
parser.add_argument("--model", default="plain")
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
tree = options.tree.resolve()
out = tree.parent / f"{tree.name}.{options.what}.out"  # of each kind its own: two may run beside each other
SIZES = ["64x64", "80x64", "96x80", "112x96", "128x128"]


def make_pictures(count):
    flat = tree / "new"
    flat.mkdir(parents=True)
    for size in SIZES:
        source = f"mandelbrot=size={size}:rate=25:end_scale=0.05:end_pts=4000,noise=alls=12:allf=t"
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-frames:v", str(count // len(SIZES)), "-q:v", "10", "-threads", "1",
                        str(flat / f"{size}-%06d.jpg")], check=True)
    names = sorted(os.listdir(flat))
    random.Random(1).shuffle(names)
    for place, name in enumerate(names):
        folder = tree / f"{place // 100:03d}"
        folder.mkdir(exist_ok=True)
        (flat / name).rename(folder / name)
    flat.rmdir()


def part(count):
    """The first folders of the tree, by hard links."""
    chosen = tree.parent / f"{tree.name}.{options.what}.{count}"
    shutil.rmtree(chosen, ignore_errors=True)
    for folder in sorted(path for path in tree.iterdir() if path.is_dir())[: count // 100]:
        shutil.copytree(folder, chosen / folder.name, copy_function=os.link)
    return chosen


def start(program, pictures, *more):
    return subprocess.Popen([program, "enhance", str(pictures), "-r", "-o", str(out), "--threads", options.threads, "--model", options.model, *more],
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(program, pictures, *more):
    """Seconds as the program says, the network's among them, processor seconds, the highest resident kilobytes."""
    process = start(program, pictures, "--json", *more)
    network, end = 0.0, None
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] == "file":
            network += event["enhanceSeconds"]
        if event["event"] == "end":
            end = event
    # Of this process alone, without the ones that decode pictures.
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0 and end["failed"] == 0, process.stderr.read()
    return end["seconds"], network, usage.ru_utime + usage.ru_stime, usage.ru_maxrss, end["done"]


def clear():
    shutil.rmtree(out, ignore_errors=True)


def speed(count):
    pictures = part(count)
    programs = [("this", options.unpress)] + ([("beside", options.beside)] if options.beside else [])
    print("| round | program | pictures/s | network-only bound, same run | share | processor ms a picture |\n|---|---|---:|---:|---:|---:|", flush=True)
    for round_ in range(options.rounds):
        for name, program in programs:
            clear()
            seconds, network, processor, _, done = run(program, pictures)
            print(f"| {round_ + 1} | {name} | {done / seconds:.1f} | {done / network:.1f} | {network / seconds:.0%} | {1000 * processor / done:.1f} |", flush=True)
    clear()
    shutil.rmtree(pictures)


def memory():
    print("| pictures | highest resident set, MB | seconds |\n|---:|---:|---:|", flush=True)
    for count in (1000, 10000, 20000):
        pictures = part(count)
        clear()
        seconds, _, _, peak, done = run(options.unpress, pictures)
        print(f"| {done:,} | {peak / 1024:.0f} | {seconds:.0f} |", flush=True)
        if count == 20000:
            seconds, _, _, peak, _ = run(options.unpress, pictures, "--resume")
            print(f"| {count:,}, all of them there: --resume | {peak / 1024:.0f} | {seconds:.0f} |", flush=True)
        shutil.rmtree(pictures)
    clear()


def results():
    return sum(name.endswith(".png") for _, _, names in os.walk(out) for name in names)


def resume(count):
    pictures = part(count)
    clear()
    process = start(options.unpress, pictures)
    while results() < count // 2:
        time.sleep(0.05)
    process.kill()
    process.communicate()
    there = results()
    *_, done = run(options.unpress, pictures, "--resume")
    print(f"killed with {there} of {count} results; --resume made {done}: {there + done - count} of them again")
    clear()
    shutil.rmtree(pictures)


def names(count):
    for place in range(count):
        if place % 1000 == 0:
            folder = tree / f"{place // 1000:04d}"
            folder.mkdir(parents=True)
        (folder / f"{place % 1000:03d}.jpg").touch()
    process = subprocess.Popen([options.unpress, "enhance", str(tree), "-r", "-o", str(out), "--model", options.model, "--dry-run"], stdout=subprocess.PIPE, text=True)
    clock = time.time()
    print(process.stdout.read().strip())
    usage = os.wait4(process.pid, 0)[2]
    print(f"{time.time() - clock:.0f} s, {usage.ru_utime + usage.ru_stime:.0f} of them of a processor; highest resident set {usage.ru_maxrss / 1024:.0f} MB")
    shutil.rmtree(tree)


{"pictures": lambda: make_pictures(options.count or 20000), "speed": lambda: speed(options.count or 1000), "memory": memory,
 "resume": lambda: resume(options.count or 1000), "names": lambda: names(options.count or 1_000_000)}[options.what]()
