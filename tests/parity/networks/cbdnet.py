"""CBDNet: Guo et al., "Toward Convolutional Blind Denoising of Real Photographs", CVPR 2019, in PowerQE's form."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


def convs(*widths):
    """3×3 convolutions from width to width, each with ReLU."""
    return nn.Sequential(*(layer for a, b in zip(widths, widths[1:]) for layer in (nn.Conv2d(a, b, 3, padding=1), nn.ReLU())))


class Up(nn.Module):
    """Twice the size and one pixel less; a row and a column of zeros bring it to the size of the skip, which is even."""

    def __init__(self, width):
        super().__init__()
        self.up = nn.ConvTranspose2d(width, width // 2, 3, stride=2, padding=1)

    def forward(self, below, skip):
        return skip + F.pad(self.up(below), (0, 1, 0, 1))


class UNet(nn.Module):
    def __init__(self, channels, w):
        super().__init__()
        self.inc = convs(2 * channels, w)
        self.enc_1 = convs(w, *[2 * w] * 3)
        self.enc_2 = convs(2 * w, *[4 * w] * 5)
        self.up_1, self.dec_1 = Up(4 * w), convs(*[2 * w] * 4)
        self.up_0, self.dec_0 = Up(2 * w), convs(*[w] * 3)
        self.outc = nn.Conv2d(w, channels, 3, padding=1)

    def forward(self, x):
        zero = self.inc(x)
        one = self.enc_1(F.avg_pool2d(zero, 2))
        two = self.enc_2(F.avg_pool2d(one, 2))
        return self.outc(self.dec_0(self.up_0(self.dec_1(self.up_1(two, one)), zero)))


class CbdNet(nn.Module):
    def __init__(self, channels, estimator, width):
        super().__init__()
        self.estimate = convs(channels, *[estimator] * 4, channels)
        self.denoise = UNet(channels, width)

    def forward(self, x):
        return x + self.denoise(torch.cat((x, self.estimate(x)), 1))


CASES = {"cbdnet": Case(CbdNet(3, 4, 3), lambda model, x: model(x), (picture("input", 1, 3, 12, 16),))}
