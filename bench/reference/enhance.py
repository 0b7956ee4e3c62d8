"""What python3-torch takes for a whole picture: WEIGHTS IN OUT THREADS. Read, one pass over everything, written; no tiles, no limit of memory."""
import sys

import numpy
import torch
from PIL import Image

import twin

weights, source, target, threads = sys.argv[1:]
torch.set_num_threads(int(threads))
pixels = torch.from_numpy(numpy.asarray(Image.open(source).convert("RGB")).copy()).permute(2, 0, 1)[None].float() / 255
network = twin.load(weights).to(memory_format=torch.channels_last)
with torch.no_grad():
    restored = network(pixels.contiguous(memory_format=torch.channels_last))
Image.fromarray((restored[0].permute(1, 2, 0).clamp(0, 1) * 255).round().byte().numpy()).save(target)
