"""UnpressNet again, in torch.nn, with the names of the C# one: the same weight file fits."""
import json

import numpy
import torch
import torch.nn as nn
import torch.nn.functional as F


class Residual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return x + self.conv2(F.relu(self.conv1(x)))


class UnpressNet(nn.Module):
    def __init__(self, width=32, counts=(2, 2, 4)):
        super().__init__()
        a, b, c = width, 2 * width, 4 * width
        blocks = lambda channels, count: nn.Sequential(*[Residual(channels) for _ in range(count)])
        self.head = nn.Conv2d(12, a, 3, padding=1)
        self.down1, self.shrink1 = blocks(a, counts[0]), nn.Conv2d(a, b, 2, stride=2)
        self.down2, self.shrink2 = blocks(b, counts[1]), nn.Conv2d(b, c, 2, stride=2)
        self.middle, self.grow2 = blocks(c, counts[2]), nn.ConvTranspose2d(c, b, 2, stride=2)
        self.up2, self.grow1 = blocks(b, counts[1]), nn.ConvTranspose2d(b, a, 2, stride=2)
        self.up1, self.tail = blocks(a, counts[0]), nn.Conv2d(a, 12, 3, padding=1)

    def forward(self, x):
        start = self.head(F.pixel_unshuffle(x - 0.5, 2))
        half = self.down1(start)
        quarter = self.down2(self.shrink1(half))
        quarter = self.up2(quarter + self.grow2(self.middle(self.shrink2(quarter))))
        half = self.up1(half + self.grow1(quarter))
        return x + F.pixel_shuffle(self.tail(half + start), 2)


def load(path):
    """The twin with the weights of a safetensors file (float32)."""
    data = open(path, "rb").read()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    net = UnpressNet()
    net.load_state_dict({
        name: torch.from_numpy(numpy.frombuffer(data, "<f4", offset=8 + size + entry["data_offsets"][0],
                                                count=int(numpy.prod(entry["shape"]))).reshape(entry["shape"]).copy())
        for name, entry in header.items()})
    return net.eval()


def multiply_accumulates(net, height, width):
    """Of all convolutions, on one picture, counted at their outputs (transposed: at their inputs)."""
    total = 0

    def count(layer, inputs, output):
        nonlocal total
        kernel = layer.kernel_size[0] ** 2
        transposed = isinstance(layer, nn.ConvTranspose2d)
        total += kernel * (inputs[0].numel() * layer.out_channels if transposed else output.numel() * layer.in_channels)

    hooks = [m.register_forward_hook(count) for m in net.modules() if isinstance(m, (nn.Conv2d, nn.ConvTranspose2d))]
    with torch.no_grad():
        net(torch.zeros(1, 3, height, width))
    for hook in hooks:
        hook.remove()
    return total
