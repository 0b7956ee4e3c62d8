"""RNAN: Zhang et al., "Residual Non-local Attention Networks for Image Restoration", ICLR 2019, with the attention of its authors' program.

One square alone: what the authors' network makes of one training patch.
"""
import torch
from torch import nn

from case import Case
from formula import picture


def conv(width, kernel=3):
    return nn.Conv2d(width, width, kernel, padding=kernel // 2)


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(conv(width), nn.ReLU(), conv(width))

    def forward(self, x):
        return x + self.body(x)


class NonLocal(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.g, self.theta, self.phi = (nn.Conv2d(width, width // 2, 1) for _ in range(3))
        self.W = nn.Conv2d(width // 2, width, 1)

    def forward(self, x):
        g, theta, phi = (layer(x).flatten(2) for layer in (self.g, self.theta, self.phi))
        share = torch.einsum("nci,ncj->nij", theta, phi).softmax(1)
        return x + self.W(torch.einsum("nij,ncj->nci", share, g).reshape(x.shape[0], -1, *x.shape[2:]))


class Trunk(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(Residual(width), Residual(width))

    def forward(self, x):
        return self.body(x)


class Mask(nn.Module):
    def __init__(self, width, non_local):
        super().__init__()
        self.MB_RB1 = nn.Sequential(*([NonLocal(width)] if non_local else []), Residual(width))
        self.MB_Down = nn.Sequential(nn.Conv2d(width, width, 3, stride=2, padding=1))
        self.MB_RB2 = nn.Sequential(Residual(width), Residual(width))
        self.MB_Up = nn.Sequential(nn.ConvTranspose2d(width, width, 6, stride=2, padding=2))
        self.MB_RB3 = nn.Sequential(Residual(width))
        self.MB_1x1conv = nn.Sequential(conv(width, 1))

    def forward(self, x):
        x = self.MB_RB1(x)
        small = self.MB_RB2(self.MB_Down(x))
        return torch.sigmoid(self.MB_1x1conv(self.MB_RB3(x + self.MB_Up(small))))


class Attention(nn.Module):
    def __init__(self, width, non_local):
        super().__init__()
        self.RA_RB1 = nn.Sequential(Residual(width))
        self.RA_TB = nn.Sequential(Trunk(width))
        self.RA_MB = nn.Sequential(Mask(width, non_local))
        self.RA_tail = nn.Sequential(Residual(width), Residual(width))

    def forward(self, x):
        x = self.RA_RB1(x)
        return self.RA_tail(x + self.RA_TB(x) * self.RA_MB(x))


class Group(nn.Module):
    def __init__(self, width, non_local=False):
        super().__init__()
        self.body = nn.Sequential(Attention(width, non_local), conv(width))

    def forward(self, x):
        return self.body(x)


class Rnan(nn.Module):
    def __init__(self, channels, width, groups, white):
        super().__init__()
        self.white = white
        self.head = nn.Sequential(nn.Conv2d(channels, width, 3, padding=1))
        self.body_nl_low = nn.Sequential(Group(width, True))
        self.body = nn.Sequential(*(Group(width) for _ in range(groups - 2)), conv(width))
        self.body_nl_high = nn.Sequential(Group(width, True))
        self.tail = nn.Sequential(nn.Conv2d(width, channels, 3, padding=1))

    def forward(self, x):
        x = x * self.white
        return (x + self.tail(self.body_nl_high(self.body(self.body_nl_low(self.head(x)))))) / self.white


CASES = {"rnan": Case(Rnan(3, 4, 3, 2), lambda model, x: model(x), (picture("input", 2, 3, 10, 10),))}
