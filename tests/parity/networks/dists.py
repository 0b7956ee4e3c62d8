"""DISTS: Ding et al., IEEE TPAMI 2022, with a narrow VGG-16."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture
from imagenet import normalised

WIDTH = 4


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.features, channels = nn.Sequential(), 3
        for count, factor in zip((2, 2, 3, 3, 3), (1, 2, 4, 8, 8)):
            for _ in range(count):
                self.features.append(nn.Conv2d(channels, WIDTH * factor, 3, padding=1)).append(nn.ReLU())
                channels = WIDTH * factor
            self.features.append(nn.Identity())  # where a pool is


class Dists(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = Net()
        self.alpha = nn.Parameter(torch.empty(1, 3 + 23 * WIDTH, 1, 1))
        self.beta = nn.Parameter(torch.empty(1, 3 + 23 * WIDTH, 1, 1))

    def stages(self, x):
        yield x
        x = normalised(x)
        for layer in self.net.features[:-1]:
            if isinstance(layer, nn.Identity):
                yield x
                line = torch.tensor([1, 2, 1], dtype=x.dtype) / 4
                window = torch.outer(line, line).repeat(x.shape[1], 1, 1, 1)
                x = torch.sqrt(F.conv2d(x ** 2, window, stride=2, padding=1, groups=x.shape[1]) + 1e-12)
            else:
                x = layer(x)
        yield x

    def forward(self, a, b):
        means, covariances = [], []
        for x, y in zip(self.stages(a), self.stages(b)):
            mx, my = x.mean((2, 3)), y.mean((2, 3))
            vx, vy = x.var((2, 3), unbiased=False), y.var((2, 3), unbiased=False)
            both = (x * y).mean((2, 3)) - mx * my
            means.append((2 * mx * my + 1e-6) / (mx ** 2 + my ** 2 + 1e-6))
            covariances.append((2 * both + 1e-6) / (vx + vy + 1e-6))
        total = self.alpha.sum() + self.beta.sum()
        alpha, beta = self.alpha.flatten() / total, self.beta.flatten() / total
        return 1 - (torch.cat(means, 1) @ alpha + torch.cat(covariances, 1) @ beta)


CASES = {"dists": Case(Dists(), lambda model, a, b: model(a, b), (picture("a", 1, 3, 27, 38), picture("b", 1, 3, 27, 38)))}
