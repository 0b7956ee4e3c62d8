"""A model file of a large network with tiny random weights and the picture let through, for measuring memory without trained weights:

    python3 bench/passing.py dagn .build/dagn.safetensors      or ipt, ipt-narrow; options after it: '{"stride": 36}'
    /usr/bin/time -v ./unpress enhance p12.jpg -o p12.png --model .build/dagn.safetensors --memory 6G

The output is nearly the input: purely random weights give no picture, and `enhance` stops at such.
Shapes come from the lists of names that the tests keep. `ipt-narrow` is IPT with 4 channels and one layer: what it holds for a pixel is
that of the whole network, and 12 megapixels take minutes, not most of a day.
"""
import json
import pathlib
import struct
import sys

import numpy

HEAD_AND_TAIL = {"dagn": ("m_head", "m_tail", 1.0), "ipt": ("head.0.0", "tail.0.1", 0.5)}  # IPT's body adds the features to themselves
SPREAD = 1e-4

network, path = sys.argv[1:3]
narrow = network == "ipt-narrow"
network = network.removesuffix("-narrow")
options = json.loads(sys.argv[3]) if len(sys.argv) > 3 else {}
if narrow:
    options |= {"width": 4, "layers": 1}
names = pathlib.Path(__file__).resolve().parent.parent / "tests/Unpress.Networks.Tests/Networks/names" / f"{network}.txt"
head, tail, share = HEAD_AND_TAIL[network]
random = numpy.random.default_rng(1)
white = 255  # IPT's rgb_range


def narrowed(name, shape):
    """IPT's own width is 64, and the transformer's a multiple of it; 256 is its number of tokens."""
    return [size * 4 // 64 if size % 64 == 0 and size != 256 else size for size in shape]


def values(name, shape):
    if name.endswith(("num_batches_tracked", "position_ids")):
        return numpy.zeros(shape, numpy.int64)
    if name.endswith("running_var"):
        return numpy.ones(shape, numpy.float32)
    array = (random.standard_normal(shape, numpy.float32) * SPREAD).astype(numpy.float32)
    if name in (f"{head}.weight", f"{tail}.weight"):
        for band in range(3):
            array[band, band, 1, 1] += share if name.startswith(tail) else 1
    if name in ("sub_mean.weight", "add_mean.weight"):
        array[:] = numpy.eye(3, dtype=numpy.float32)[:, :, None, None]
    if name in ("sub_mean.bias", "add_mean.bias"):
        array[:] = numpy.array([0.4488, 0.4371, 0.4040], numpy.float32) * (white if name.startswith("add") else -white)
    return array


header, offset, arrays = {"__metadata__": {"network": network, "options": json.dumps(options)}}, 0, []
for line in names.read_text().splitlines():
    if line.startswith("#"):  # the network and its options
        continue
    name, sizes = line.split(" ", 1)
    shape = json.loads(sizes)
    if narrow:
        if ".layers." in name and ".layers.0." not in name:
            continue
        shape = narrowed(name, shape)
    array = values(name, shape)
    header[name] = {"dtype": "I64" if array.dtype == numpy.int64 else "F32", "shape": shape, "data_offsets": [offset, offset + array.nbytes]}
    offset += array.nbytes
    arrays.append(array)
text = json.dumps(header).encode()
text += b" " * (-len(text) % 8)
with open(path, "wb") as file:
    file.write(struct.pack("<Q", len(text)) + text)
    for array in arrays:
        file.write(array.tobytes())
