"""Speed of candidate designs for the default network, before one was built: python3-torch (Debian), two threads.

    GOMP_SPINCOUNT=100 python3 bench/design/candidates.py

Prints parameters, multiply-accumulates at 512x512, milliseconds of a forward pass there, and of a training step on 16 patches of 96x96.
"""
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(2)


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.a = nn.Conv2d(channels, channels, 3, padding=1)
        self.b = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.b(F.relu(self.a(x)))


def blocks(channels, count):
    return nn.Sequential(*[Residual(channels) for _ in range(count)])


class Plain(nn.Module):
    """Half resolution, one width: the prototype."""

    def __init__(self, channels=64, count=8):
        super().__init__()
        self.head = nn.Conv2d(12, channels, 3, padding=1)
        self.body = blocks(channels, count)
        self.tail = nn.Conv2d(channels, 12, 3, padding=1)

    def forward(self, x):
        return x + F.pixel_shuffle(self.tail(self.body(self.head(F.pixel_unshuffle(x, 2)))), 2)


class UNet(nn.Module):
    """Half, quarter and eighth resolution."""

    def __init__(self, width, counts):
        super().__init__()
        a, b, c = width, 2 * width, 4 * width
        self.head = nn.Conv2d(12, a, 3, padding=1)
        self.down1, self.shrink1 = blocks(a, counts[0]), nn.Conv2d(a, b, 2, stride=2)
        self.down2, self.shrink2 = blocks(b, counts[1]), nn.Conv2d(b, c, 2, stride=2)
        self.middle, self.grow2 = blocks(c, counts[2]), nn.ConvTranspose2d(c, b, 2, stride=2)
        self.up2, self.grow1 = blocks(b, counts[1]), nn.ConvTranspose2d(b, a, 2, stride=2)
        self.up1, self.tail = blocks(a, counts[0]), nn.Conv2d(a, 12, 3, padding=1)

    def forward(self, x):
        start = self.head(F.pixel_unshuffle(x, 2))
        half = self.down1(start)
        quarter = self.down2(self.shrink1(half))
        quarter = self.up2(quarter + self.grow2(self.middle(self.shrink2(quarter))))
        half = self.up1(half + self.grow1(quarter))
        return x + F.pixel_shuffle(self.tail(half + start), 2)


def multiply_accumulates(net):
    total = 0

    def count(layer, inputs, output):
        nonlocal total
        kernel = layer.kernel_size[0] ** 2
        if isinstance(layer, nn.Conv2d):
            total += output.numel() * layer.in_channels * kernel
        else:
            total += inputs[0].numel() * layer.out_channels * kernel

    hooks = [m.register_forward_hook(count) for m in net.modules() if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d))]
    with torch.no_grad():
        net(torch.zeros(1, 3, 512, 512))
    for hook in hooks:
        hook.remove()
    return total


def fastest(action, runs):
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def report(name, net, layout):
    net = net.to(memory_format=layout)
    parameters = sum(p.numel() for p in net.parameters()) / 1e6
    giga = multiply_accumulates(net) / 1e9
    picture = torch.rand(1, 3, 512, 512).to(memory_format=layout)
    with torch.no_grad():
        net(picture)
        forward = fastest(lambda: net(picture), 4)
    x, y = (torch.rand(16, 3, 96, 96).to(memory_format=layout) for _ in range(2))
    optimiser = torch.optim.Adam(net.parameters())

    def step():
        optimiser.zero_grad()
        (net(x) - y).abs().mean().backward()
        optimiser.step()

    training = fastest(step, 5)
    order = "channels-last" if layout is torch.channels_last else "contiguous"
    print(f"{name:24s} {order:14s} {parameters:5.2f} M  {giga:5.1f} GMAC  {forward * 1e3:5.0f} ms"
          f"  {2 * giga / forward:4.0f} GFLOP/s  step {training * 1e3:5.0f} ms", flush=True)


for layout in (torch.contiguous_format, torch.channels_last):
    report("plain 64, 8 blocks", Plain(), layout)
    report("U-Net 48, (2,2,4)", UNet(48, (2, 2, 4)), layout)
    report("U-Net 32, (2,2,4)", UNet(32, (2, 2, 4)), layout)
    report("U-Net 64, (1,1,2)", UNet(64, (1, 1, 2)), layout)
