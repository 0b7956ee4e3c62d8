"""LPIPS 0.1: Zhang et al., CVPR 2018, eq. 1, with the layers and the input scaling of the authors' package."""
import torch
from torch import nn

from case import Case
from formula import picture
from networks.alexnet import AlexNet
from networks.squeezenet import SqueezeNet
from networks.vgg import Vgg


class Head(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.model = nn.Sequential(nn.Dropout(), nn.Conv2d(channels, 1, 1, bias=False))


class Lpips(nn.Module):
    """`taps`: ends of slices of torchvision's `features`, with their channels."""

    def __init__(self, net, taps):
        super().__init__()
        self.net, self.taps = net, taps
        for k, (_, channels) in enumerate(taps):
            setattr(self, f"lin{k}", Head(channels))

    def features(self, x):
        shift, scale = (torch.tensor(numbers, dtype=x.dtype).view(1, 3, 1, 1) for numbers in ((-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)))
        x = ((2 * x - 1) - shift) / scale
        for index, layer in enumerate(self.net.features[:self.taps[-1][0] + 1]):
            x = layer(x)
            if index in dict(self.taps):
                yield x / (x.pow(2).sum(1, keepdim=True).sqrt() + 1e-10)

    def forward(self, a, b):
        return sum(getattr(self, f"lin{k}").model((x - y) ** 2).mean((1, 2, 3)) for k, (x, y) in enumerate(zip(self.features(a), self.features(b))))


def case(net, taps, *size):
    return Case(Lpips(net, taps), lambda model, a, b: model(a, b), (picture("a", 1, 3, *size), picture("b", 1, 3, *size)))


CASES = {
    "lpips_alex": case(AlexNet(), ((1, 64), (4, 192), (7, 384), (9, 256), (11, 256)), 39, 52),
    "lpips_vgg": case(Vgg(2, 2, 3, 3, 3), ((3, 64), (8, 128), (15, 256), (22, 512), (29, 512)), 33, 39),
    "lpips_squeeze": case(SqueezeNet(), ((1, 64), (4, 128), (7, 256), (9, 384), (10, 384), (11, 512), (12, 512)), 35, 46),
}
