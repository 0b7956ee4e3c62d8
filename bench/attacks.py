"""Hostile pictures against every command that reads pictures, counted.

    python3 bench/attacks.py SCRATCH [--count 100] [--cases ../shared/data/cases/30-attacks] [--unpress ./unpress] [--only enhance,compress]

Each kind of file is a folder, and each command gets the folder whole. A row says how many of its files were done, how many were refused with a line of their own, and
what must be 0: files of which nothing was said, traces of the program, and crashes or hangs of the whole batch. Mutations are seeded.
"""
import argparse
import os
import pathlib
import random
import re
import signal
import shutil
import struct
import subprocess
import time
import zlib

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("scratch", type=pathlib.Path)
parser.add_argument("--count", type=int, default=100, help="mutations of each format")
parser.add_argument("--cases", type=pathlib.Path, default=root / ".." / "shared" / "data" / "cases" / "30-attacks")
parser.add_argument("--unpress", default=str(root / "unpress"))
parser.add_argument("--only", default="enhance,compress,measure,inspect")
parser.add_argument("--limit", type=int, default=600, help="seconds a command may take")
options = parser.parse_args()

COMMANDS = {
    "enhance": lambda folder, out: ["enhance", folder, "-o", out, "--strength", "0", "--model", "lite", "--json"],
    "compress": lambda folder, out: ["compress", folder, "-o", out, "--codec", "jpeg", "--quality", "50", "--json"],
    "measure": lambda folder, out: ["measure", folder, folder, "--metrics", "psnr", "--json"],
    "inspect": lambda folder, out: ["inspect", *sorted(folder.iterdir()), "--json"],
}


def unpress(*arguments):
    return subprocess.run([options.unpress, *map(str, arguments)], capture_output=True, text=True, errors="replace")


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def seeds(folder):
    """One healthy file of each format."""
    rows = b"".join(b"\0" + bytes((x * 5 + y * (3 + k)) & 255 for x in range(64) for k in range(3)) for y in range(48))
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 48, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    folder.mkdir(parents=True)
    (folder / "seed.png").write_bytes(png)
    for ending in ("jpg", "webp", "tif", "avif", "bmp", "ppm"):
        said = unpress("enhance", folder / "seed.png", "-o", folder / f"seed.{ending}", "--strength", "0", "--model", "lite", "--quality", "80")
        assert said.returncode == 0, said.stderr
    return sorted(folder.iterdir())


def mutations(seed, folder, chance):
    folder.mkdir()
    data = seed.read_bytes()
    for number in range(options.count):
        bad = bytearray(data)
        kind = number % 4
        if kind == 0:
            bad = bad[: chance.randrange(1, len(bad))]
        elif kind == 1:
            at = chance.randrange(len(bad))
            bad[at:at] = chance.randbytes(chance.randrange(1, 64))
        else:
            for _ in range(chance.randrange(1, 20)):
                bad[chance.randrange(min(len(bad), 200 if kind == 2 else len(bad)))] = chance.choice([0, 1, 127, 128, 255, chance.randrange(256)])
        (folder / f"m{number:05d}{seed.suffix}").write_bytes(bad)


def made(folder, png):
    """Bombs and loops."""
    folder.mkdir()
    insert = lambda *chunks: png[:33] + b"".join(chunks) + png[33:]
    packed = zlib.compress(b"\0" * (8 << 20), 9)
    (folder / "texts.png").write_bytes(insert(*[chunk(b"zTXt", b"k%d\0\0" % i + packed) for i in range(120)]))
    (folder / "profile.png").write_bytes(insert(chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(300 << 20), 9))))
    (folder / "nested.png").write_bytes(insert(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<a>" * 1_000_000))))
    (folder / "claims.png").write_bytes(png[:16] + struct.pack(">II", 60_000, 60_000) + png[24:])
    (folder / "circle.tif").write_bytes(b"II*\0\x08\0\0\0" + struct.pack("<HHHIII", 1, 256, 4, 1, 10, 8))
    (folder / "endless.pbm").write_bytes(b"P1 4000 4000\n")
    (folder / "huge.bmp").write_bytes(b"BM" + struct.pack("<IIIIiiHHIIIIII", 54, 0, 54, 40, 2_000_000_000, -2_000_000_000, 1, 24, 0, 0, 0, 0, 0, 0))


def row(kind, name, folder):
    out = folder.parent / "out"
    shutil.rmtree(out, ignore_errors=True)
    files = sorted(folder.iterdir())
    clock = time.time()
    command = ["/usr/bin/time", "-f", "peak %M", options.unpress, *map(str, COMMANDS[name](folder, out))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, errors="replace", process_group=0)
    try:
        output, error = process.communicate(timeout=options.limit)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, error = process.communicate()
        code = "hang"
    seconds, peak = time.time() - clock, [int(kilobytes) for kilobytes in re.findall(r"^peak (\d+)$", error, re.M)]
    refused = {file for file in files if re.search(rf"^unpress: {re.escape(str(file))}: ", error, re.M)}
    done = {file for file in files if file not in refused and file.name in output}
    silent = len(files) - len(refused) - len(done)
    traces = len(re.findall(r"^\s+at |Unhandled", error, re.M))
    print(f"| {kind} | {name} | {len(files)} | {len(done)} | {len(refused)} | {silent} | {traces} | {0 if code in (0, 1) else code} | {seconds:.0f} s, {max(peak, default=0) >> 10} MB |", flush=True)
    return silent + traces + (code not in (0, 1))


shutil.rmtree(options.scratch, ignore_errors=True)
scratch = options.scratch.resolve()
chance = random.Random(15)
kinds = {}
for seed in seeds(scratch / "seeds"):
    kinds[f"mutated {seed.suffix[1:]}"] = scratch / f"mutated-{seed.suffix[1:]}"
    mutations(seed, kinds[f"mutated {seed.suffix[1:]}"], chance)
kinds["bombs and loops"] = scratch / "made"
made(scratch / "made", (scratch / "seeds" / "seed.png").read_bytes())
if options.cases.is_dir():
    kinds["cases of others"] = scratch / "cases"
    (scratch / "cases").mkdir()
    for part in ("avif16", "bomb", "xmp", "heic_empty", "pnm"):
        for file in (options.cases / part).iterdir():
            shutil.copy(file, scratch / "cases" / (file.name if part != "pnm" else file.name.replace(".", f"-{file.suffix[1:]}.", 1)))
print("| files | command | count | done | refused by name | silent | traces | crash or hang | time, memory |\n|---|---|---:|---:|---:|---:|---:|---:|---|", flush=True)
faults = sum(row(kind, name, folder) for kind, folder in kinds.items() for name in options.only.split(","))
print(f"\n{faults} faults")
