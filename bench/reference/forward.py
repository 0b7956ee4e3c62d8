"""python3-torch's side of bench/forward.py: WEIGHTS PICTURE HEIGHT WIDTH THREADS LAYOUT [bf16]; see ForwardWorker.cs for the lines it reads."""
import sys
import time

import numpy
import torch

import twin

weights, picture, height, width, threads, layout = sys.argv[1:7]
bf16 = sys.argv[7:] == ["bf16"]
torch.set_num_threads(int(threads))
order = torch.channels_last if layout == "channels-last" else torch.contiguous_format
net = twin.load(weights).to(memory_format=order)
x = torch.from_numpy(numpy.fromfile(picture, "<f4")).reshape(1, 3, int(height), int(width)).contiguous(memory_format=order)
print(f"ready torch {torch.__version__}, {layout}, {'bf16' if bf16 else 'fp32'}", flush=True)
with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
    for line in sys.stdin:
        if line.startswith("write "):
            y.contiguous().numpy().tofile(line.split(maxsplit=1)[1].strip())
            print("written", flush=True)
            continue
        start = time.perf_counter()
        y = net(x).float()
        print(f"{1e3 * (time.perf_counter() - start):.3f}", flush=True)
