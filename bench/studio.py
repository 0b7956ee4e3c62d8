"""The studio under load, under attack and killed: what it answers, how fast, and how much memory it takes.

    python3 bench/studio.py load SCRATCH [--seconds 300] [--clients 4] [--model photo]
    python3 bench/studio.py attacks SCRATCH [--mutations 1000]
    python3 bench/studio.py kills SCRATCH [--times 10]

load: clients send JPEGs of 2.0 megapixels, each the next as soon as its answer is there; every answer is compared, byte for byte, with what `enhance` wrote.
attacks: files that are no pictures, or bombs, and requests that are not what they seem. kills: kill -9 of a decoding process and of the studio in mid-job.
Nothing but Python is needed; SCRATCH is a folder for the pictures.
"""
import argparse
import concurrent.futures
import hashlib
import http.client
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time
import zlib

root = pathlib.Path(__file__).resolve().parent.parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("what", choices=["load", "attacks", "kills"])
parser.add_argument("scratch", type=pathlib.Path)
parser.add_argument("--seconds", type=float, default=300)
parser.add_argument("--clients", type=int, default=4)
parser.add_argument("--mutations", type=int, default=1000)
parser.add_argument("--times", type=int, default=10)
parser.add_argument("--model", default="photo")
parser.add_argument("--unpress", nargs="+", default=[str(root / "unpress")], help="the program, and what stands before its options")
options = parser.parse_args()
scratch = options.scratch.resolve()
scratch.mkdir(parents=True, exist_ok=True)
temporary = scratch / "tmp"
temporary.mkdir(exist_ok=True)
environment = {**os.environ, "TMPDIR": str(temporary), "DOTNET_EnableDiagnostics": "0"}


class Studio:
    """One that listens on a free port, with a folder of its own for temporary files."""

    def __init__(self, *more):
        self.process = subprocess.Popen([*options.unpress, "studio", "--port", "0", "--model", options.model, *more],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
        for line in self.process.stdout:
            if "http://" in line:
                address = line.split("http://")[1].strip()
                self.port = int(address.split(":")[1].split("/")[0])
                return
        raise SystemExit("the studio did not start")

    def ask(self, path, body=None, headers=None, method=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        try:
            connection.request(method or ("POST" if body is not None else "GET"), path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def pids(self):
        """Of the server, which may be started by a launcher, and of its decoders: all processes below the one that was started."""
        parents = {}
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                parents[int(stat.parent.name)] = int(stat.read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                pass
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found

    def server(self):
        return max(self.pids(), key=lambda pid: memory(pid, "VmRSS"))

    def decoders(self):
        server = self.server()
        return [pid for pid in self.pids() if pid > server]

    def stop(self):
        os.kill(self.server(), signal.SIGTERM)
        self.process.wait(60)


def memory(pid, what):
    try:
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(what):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0


def jpegs(count):
    """Different pictures of 1600x1250: slopes, edges and grain."""
    made = []
    for k in range(count):
        plain, jpeg = scratch / f"{k}.ppm", scratch / f"{k}.jpg"
        if not jpeg.exists():
            chance, width, height = random.Random(k), 1600, 1250
            grain = bytes(chance.randrange(24) for _ in range(8191))
            rows = bytearray()
            for y in range(height):
                for x in range(width):
                    base = (x * (k + 1) // 9 + y // 7) % 200 if (x // 160 + y // 125 + k) % 3 else 40 + y // 10
                    more = grain[(x * 31 + y * 17) % 8191]
                    rows += bytes((base + more, base // 2 + more + 30, 220 - base + more))
            plain.write_bytes(b"P6 1600 1250 255\n" + rows)
            subprocess.run([*options.unpress, "compress", str(plain), "-o", str(jpeg), "--codec", "jpeg", "-q", "25"], check=True, stdout=subprocess.DEVNULL)
        made.append(jpeg)
    return made


def load():
    pictures, results = jpegs(4), scratch / "expected"
    shutil.rmtree(results, ignore_errors=True)
    start = time.monotonic()
    subprocess.run([*options.unpress, "enhance", *map(str, pictures), "-o", str(results) + "/", "--model", options.model, "--metadata", "keep"],
                   check=True, stdout=subprocess.DEVNULL)
    alone = (time.monotonic() - start) / len(pictures)
    expected = {picture: hashlib.sha256(next(results.glob(picture.stem + "*.png")).read_bytes()).hexdigest() for picture in pictures}
    studio = Studio()
    for picture in pictures[:1]:  # the model is opened by the first
        studio.ask("/v1/enhance", picture.read_bytes())
    counts, samples, over = {"right": 0, "wrong": 0, 429: 0, "other": 0}, [], time.monotonic() + options.seconds
    lock = threading.Lock()

    def client(number):
        chance = random.Random(number)
        while time.monotonic() < over:
            picture = chance.choice(pictures)
            status, body, headers = studio.ask("/v1/enhance", picture.read_bytes())
            what = ("right" if hashlib.sha256(body).hexdigest() == expected[picture] else "wrong") if status == 200 else 429 if status == 429 else "other"
            with lock:
                counts[what] += 1
            if status == 429:
                time.sleep(float(headers["Retry-After"]))

    start = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.clients) as pool:
        running = [pool.submit(client, number) for number in range(options.clients)]
        while not all(one.done() for one in running):
            samples.append(sum(memory(pid, "VmRSS") for pid in studio.pids()))
            time.sleep(1)
        for one in running:
            one.result()
    seconds = time.monotonic() - start
    quarter = max(1, len(samples) // 4)
    print(f"enhance alone: {alone:.2f} s a picture, start included")
    print(f"studio, {options.clients} clients, {seconds:.0f} s: {seconds / max(1, counts['right']):.2f} s a picture; "
          + ", ".join(f"{value} {key}" for key, value in counts.items()))
    print(f"memory of all its processes: first quarter {sum(samples[:quarter]) / quarter:.0f} MB, last quarter "
          f"{sum(samples[-quarter:]) / quarter:.0f} MB, most {max(samples):.0f} MB")
    studio.stop()
    print(f"left in its temporary folder: {count_files()}")


def png(width, height, *chunks, rows=b""):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)) + b"".join(chunk(*one) for one in chunks) \
        + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def tiff(pages):
    entries = [(256, 3, 8), (257, 3, 8), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 3, 8), (279, 4, 64)]
    size, made = 2 + 12 * len(entries) + 4, [b"II*\0", struct.pack("<I", 72), bytes(64)]
    directory = struct.pack("<H", len(entries)) + b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    for page in range(pages):
        made += [directory, struct.pack("<I", 72 + (page + 1) * size if page + 1 < pages else 0)]
    return b"".join(made)


def slow(studio, begin):
    start, connection = time.monotonic(), socket.create_connection(("127.0.0.1", studio.port))
    connection.settimeout(60)
    connection.sendall(begin)
    answer = connection.recv(100).split(b"\r\n")[0].decode()
    return f"{answer.split(' ')[1] if answer else 'closed'} after {time.monotonic() - start:.0f} s"


def attacks():
    subprocess.run([*options.unpress, "compress", str(jpegs(1)[0]), "-o", str(scratch / "a.avif"), "--codec", "avif", "-q", "50", "--overwrite"],
                   check=True, stdout=subprocess.DEVNULL)
    jpeg, avif = bytearray((scratch / "0.jpg").read_bytes()), bytearray((scratch / "a.avif").read_bytes())
    frame, extent = jpeg.index(b"\xff\xc0"), avif.index(b"ispe")
    jpeg[frame + 5:frame + 9] = struct.pack(">HH", 64250, 64250)
    avif[extent + 8:extent + 16] = struct.pack(">II", 16, 17000)
    studio = Studio()
    good = (scratch / "0.jpg").read_bytes()
    studio.ask("/v1/enhance", good)
    before = memory(studio.server(), "VmHWM")
    rows = [("JPEG header of 64,250x64,250", bytes(jpeg)), ("PNG of 1x500,000,000", png(1, 500_000_000)), ("PNG of 16,384x16,384", png(16_384, 16_384)),
            ("PNG of 7,000x7,000 with hardly any data", png(7000, 7000, rows=bytes(9000))), ("AVIF of 16x17,000", bytes(avif)), ("TIFF of 60,000 pages", tiff(60_000)),
            ("PNG of 4 billion frames", png(8, 8, (b"acTL", struct.pack(">II", 2**32 - 1, 0)), rows=bytes(72))), ("40 MB", bytes(40 << 20)),
            ("nothing", b""), ("SVG", b"<svg xmlns='http://www.w3.org/2000/svg'/>")]
    for name, body in rows:
        start = time.monotonic()
        try:
            status, answer, _ = studio.ask("/v1/enhance?format=jpeg", body)
        except (ConnectionError, http.client.HTTPException):
            status, answer = "closed", b""  # refused before all of it was sent
        words = answer[:90].decode("utf-8", "replace") if status != 200 else ""
        print(f"{name}: {status} {words} ({time.monotonic() - start:.1f} s)")
    for name, headers in [("foreign Host", {"Host": "evil.example"}), ("foreign Origin", {"Origin": "http://evil.example"})]:
        print(f"{name}: {studio.ask('/v1/models', headers=headers)[0]}")
    print(f"../../etc/passwd: {studio.ask('/../../etc/passwd')[0]}, as part of the laboratory {studio.ask('/v1/lab/card?path=../../etc/passwd.md')[0]}")
    print(f"silence in the header: {slow(studio, b'GET / HTTP/1.1' + bytes([13, 10]) + b'Host: loc')}")
    body = "\r\n".join(["POST /v1/enhance HTTP/1.1", f"Host: localhost:{studio.port}", "Content-Length: 900000", "", "x"])
    print(f"silence in the body: {slow(studio, body.encode())}")
    chance, counts = random.Random(5), {}
    seeds = [good[:60_000], bytes(avif), png(8, 8, rows=bytes(72)), tiff(3)]
    for k in range(options.mutations):
        body = bytearray(seeds[k % len(seeds)])
        for _ in range(chance.randint(1, 6)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        status = studio.ask("/v1/inspect", bytes(body))[0]
        counts[status] = counts.get(status, 0) + 1
    print(f"{options.mutations} mutated files: {counts}")
    print(f"a good picture afterwards: {studio.ask('/v1/enhance', good)[0]}")
    print(f"peak memory of the studio: {before:.0f} MB before, {memory(studio.server(), 'VmHWM'):.0f} MB after; "
          f"of a decoder {max([memory(pid, 'VmHWM') for pid in studio.decoders()] or [0]):.0f} MB")
    studio.stop()
    guarded = Studio("--address", "0.0.0.0", "--token", "right")
    print(f"no token: {guarded.ask('/v1/models')[0]}, a wrong one {guarded.ask('/v1/models', headers={'Authorization': 'Bearer wrong'})[0]}, "
          f"the right one {guarded.ask('/v1/models', headers={'Authorization': 'Bearer right'})[0]}")
    guarded.stop()
    print(f"left in its temporary folder: {count_files()}")


def kills():
    good, chance = jpegs(1)[0].read_bytes(), random.Random(3)
    pool = concurrent.futures.ThreadPoolExecutor(1)
    studio, answers, after = Studio(), {}, {}
    studio.ask("/v1/enhance", good)
    for _ in range(options.times):
        job, killed = pool.submit(studio.ask, "/v1/inspect", good), 0
        while not job.done():
            for pid in studio.decoders():
                try:
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass
        outcome = f"{job.result()[0]}{'' if killed else ' (none was there to kill)'}"
        answers[outcome] = answers.get(outcome, 0) + 1
        status = studio.ask("/v1/inspect", good)[0]
        after[status] = after.get(status, 0) + 1
    print(f"kill -9 of the decoders, {options.times} times: {answers}; the next picture: {after}")
    outcomes, next_starts, alive, left, kept = {}, {}, 0, 0, 0
    for _ in range(options.times):
        job = pool.submit(studio.ask, "/v1/enhance", good)
        time.sleep(chance.uniform(0.2, 2))
        pids = studio.pids()
        os.kill(studio.server(), signal.SIGKILL)
        try:
            outcome = job.result()[0]
        except (ConnectionError, http.client.HTTPException):
            outcome = "the connection ends"
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
        studio.process.wait()
        time.sleep(3)
        alive += sum(1 for pid in pids if pathlib.Path(f"/proc/{pid}").exists())
        files = [path for path in temporary.rglob("*") if path.is_file()]
        left += len(files)
        studio = Studio()
        status = studio.ask("/v1/enhance", good)[0]
        next_starts[status] = next_starts.get(status, 0) + 1
        kept += sum(path.exists() for path in files)
    print(f"kill -9 of the studio in mid-job, {options.times} times: {outcomes}; processes that lived on: {alive}; files left: {left}")
    print(f"the next starts: {next_starts}; files of the killed ones still there: {kept}")
    studio.stop()
    print(f"left in its temporary folder: {count_files()}")


def count_files():
    return sum(1 for path in temporary.rglob("*") if path.is_file())


{"load": load, "attacks": attacks, "kills": kills}[options.what]()
