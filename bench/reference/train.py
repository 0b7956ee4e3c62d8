"""The loop of `unpress train recipes/unpress/default.yaml` in python3-torch: same network, batch, Adam, clipping, average.

    python3 bench/reference/train.py STEPS REPORT

Its batches lie ready in memory: it pays nothing for data. Prints images a second every REPORT steps.
"""
import sys
import time

import torch

import twin

steps, report = int(sys.argv[1]), int(sys.argv[2])
torch.set_num_threads(2)
torch.manual_seed(1)
net = twin.UnpressNet()
torch.nn.init.zeros_(net.tail.weight)
torch.nn.init.zeros_(net.tail.bias)
parameters = list(net.parameters())
average = [p.detach().clone() for p in parameters]
optimiser = torch.optim.Adam(parameters, lr=1e-3, foreach=True)
batches = [(torch.rand(8, 3, 96, 96), torch.rand(8, 3, 96, 96)) for _ in range(8)]

start = time.perf_counter()
for step in range(steps):
    x, y = batches[step % len(batches)]
    optimiser.zero_grad(set_to_none=True)
    loss = torch.nn.functional.l1_loss(net(x), y)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(parameters, 0.5)
    loss.item()
    optimiser.step()
    decay = min(0.998, (1 + step) / (10 + step))
    with torch.no_grad():
        torch._foreach_mul_(average, decay)
        torch._foreach_add_(average, parameters, alpha=1 - decay)
    if (step + 1) % report == 0:
        now = time.perf_counter()
        print(f"{8 * report / (now - start):.2f}", flush=True)
        start = now
