#!/usr/bin/env python3
"""Small JPEGs of every kind by libjpeg-turbo's own programs, and checksums of the pixels that its djpeg decodes.

Needs cjpeg, djpeg and jpegtran of libjpeg-turbo (Debian: libjpeg-turbo-progs; made with 2.1.5) on the PATH. Writes the files beside
itself and golden.tsv: file, the file that it has the coefficients of, and SHA-256 of its decoded samples.
"""
import hashlib
import pathlib
import random
import subprocess

HERE = pathlib.Path(__file__).parent
WIDTH, HEIGHT = 53, 37


def run(*command, stdin=None):
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, check=True).stdout


def picture():
    """Slopes, edges and some noise, in whole numbers."""
    noise = random.Random(1)
    samples = bytearray()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            edge = 60 if (x // 13 + y // 9) % 2 else 0
            for band in range(3):
                value = 30 + 3 * x * (band + 1) // 2 + 2 * y * (3 - band) // 2 + edge + noise.randrange(12)
                samples.append(min(255, value % 300))
    return b"P6\n%d %d\n255\n" % (WIDTH, HEIGHT) + bytes(samples)


def main():
    ppm = picture()
    (HERE / "picture.ppm").write_bytes(ppm)
    script = HERE / "scans.txt"
    script.write_text("0;\n1 2;\n")
    bases = {
        "420": ["-quality", "60"],
        "422": ["-quality", "35", "-sample", "2x1"],
        "444": ["-quality", "85", "-sample", "1x1"],
        "440": ["-quality", "50", "-sample", "1x2"],
        "411": ["-quality", "70", "-sample", "4x1"],
        "gray": ["-quality", "40", "-grayscale"],
        "rgb": ["-quality", "75", "-rgb"],
        "low": ["-quality", "2"],
    }
    kinds = {
        "progressive": ["-progressive"],
        "arithmetic": ["-arithmetic"],
        "arithmetic-progressive": ["-arithmetic", "-progressive"],
        "restart": ["-restart", "3B"],
        "progressive-restart": ["-progressive", "-restart", "1"],
        "arithmetic-restart": ["-arithmetic", "-restart", "2B"],
        "optimised": ["-optimize"],
        "separate": ["-scans", str(script)],
    }
    lines = []
    for base, options in bases.items():
        jpeg = run("cjpeg", "-dct", "int", *options, stdin=ppm)
        names = {f"{base}.jpg": jpeg}
        for kind, transcode in kinds.items():
            if base in ("420", "gray", "444") and not (kind == "separate" and base == "gray"):
                names[f"{base}-{kind}.jpg"] = run("jpegtran", "-copy", "none", *transcode, stdin=jpeg)
        for name, data in names.items():
            (HERE / name).write_bytes(data)
            raster = run("djpeg", "-pnm", "-dct", "int", stdin=data).split(b"\n", 3)[3]
            lines.append(f"{name}\t{base}.jpg\t{hashlib.sha256(raster).hexdigest()}")
    script.unlink()
    (HERE / "golden.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
