"""IEGAN's generator by our reading: that of the SRGAN paper (Ledig et al., CVPR 2017, figure 4) at scale 1."""
from torch import nn

from case import Case
from formula import picture


def conv(channels, width, kernel):
    return nn.Conv2d(channels, width, kernel, padding=kernel // 2)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.layers = nn.Sequential(conv(width, width, 3), nn.BatchNorm2d(width), nn.PReLU(), conv(width, width, 3), nn.BatchNorm2d(width))

    def forward(self, x):
        return x + self.layers(x)


class Iegan(nn.Module):
    def __init__(self, width, blocks, channels=3):
        super().__init__()
        self.head = nn.Sequential(conv(channels, width, 9), nn.PReLU())
        self.body = nn.Sequential(*(Block(width) for _ in range(blocks)), conv(width, width, 3), nn.BatchNorm2d(width))
        self.tail = conv(width, channels, 9)

    def forward(self, x):
        start = self.head(x)
        return self.tail(start + self.body(start))


CASES = {"iegan": Case(Iegan(6, 2), lambda model, x: model(x), (picture("input", 1, 3, 17, 23),))}
