"""MWCNN: Liu et al., "Multi-level Wavelet-CNN for Image Restoration", CVPRW 2018, as its authors released it for PyTorch."""
import torch
from torch import nn

from case import Case
from formula import picture

# Haar's filters over 2x2 pixels: mean, across, down, both.
FILTERS = torch.tensor([[[1, 1], [1, 1]], [[-1, 1], [-1, 1]], [[-1, -1], [1, 1]], [[1, -1], [-1, 1]]], dtype=torch.float64) / 2


def down(x):
    bands = [nn.functional.conv2d(x, f.repeat(x.shape[1], 1, 1, 1), stride=2, groups=x.shape[1]) for f in FILTERS]
    return torch.cat(bands, 1)


def up(x):
    parts = zip(x.chunk(4, 1), FILTERS)
    return sum(nn.functional.conv_transpose2d(b, f.repeat(b.shape[1], 1, 1, 1), stride=2, groups=b.shape[1]) for b, f in parts)


class Block(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        modules = []
        for seen, made, dilation in layers:
            modules += [nn.Conv2d(seen, made, 3, padding=dilation, dilation=dilation), nn.ReLU()]
        self.body = nn.Sequential(*modules)

    def forward(self, x):
        return self.body(x)


def one(seen, made):
    return Block((seen, made, 1))


def two(width, first, second):
    return Block((width, width, first), (width, width, second))


class Mwcnn(nn.Module):
    def __init__(self, channels, w):
        super().__init__()
        self.head = nn.Sequential(one(channels, w))
        self.d_l0 = nn.Sequential(two(w, 2, 1))
        self.d_l1 = nn.Sequential(one(4 * w, 2 * w), two(2 * w, 2, 1))
        self.d_l2 = nn.Sequential(one(8 * w, 4 * w), two(4 * w, 2, 1))
        self.pro_l3 = nn.Sequential(one(16 * w, 8 * w), two(8 * w, 2, 3), two(8 * w, 3, 2), one(8 * w, 16 * w))
        self.i_l2 = nn.Sequential(two(4 * w, 2, 1), one(4 * w, 8 * w))
        self.i_l1 = nn.Sequential(two(2 * w, 2, 1), one(2 * w, 4 * w))
        self.i_l0 = nn.Sequential(two(w, 2, 1))
        self.tail = nn.Sequential(nn.Conv2d(w, channels, 3, padding=1))

    def forward(self, x):
        first = self.d_l0(self.head(x))
        second = self.d_l1(down(first))
        third = self.d_l2(down(second))
        now = third + up(self.pro_l3(down(third)))
        now = second + up(self.i_l2(now))
        now = first + up(self.i_l1(now))
        return x + self.tail(self.i_l0(now))


CASES = {"mwcnn": Case(Mwcnn(1, 3), lambda model, x: model(x), (picture("input", 2, 1, 16, 24),))}
