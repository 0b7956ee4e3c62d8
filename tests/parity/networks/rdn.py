"""RDN: Zhang et al., "Residual Dense Network for Image Super-Resolution", CVPR 2018, without upscaling."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


class Layer(nn.Module):
    def __init__(self, seen, growth):
        super().__init__()
        self.conv = nn.Conv2d(seen, growth, 3, padding=1)


class Block(nn.Module):
    def __init__(self, width, growth, layers):
        super().__init__()
        self.layers = nn.ModuleList(Layer(width + growth * c, growth) for c in range(layers))
        self.lff = nn.Conv2d(width + growth * layers, width, 1)

    def forward(self, x):
        found = [x]
        for layer in self.layers:
            found.append(F.relu(layer.conv(torch.cat(found, 1))))
        return x + self.lff(torch.cat(found, 1))


class Rdn(nn.Module):
    def __init__(self, channels, width, growth, blocks, layers):
        super().__init__()
        self.sfe1 = nn.Conv2d(channels, width, 3, padding=1)
        self.sfe2 = nn.Conv2d(width, width, 3, padding=1)
        self.rdbs = nn.ModuleList(Block(width, growth, layers) for _ in range(blocks))
        self.gff = nn.ModuleList((nn.Conv2d(width * blocks, width, 1), nn.Conv2d(width, width, 3, padding=1)))
        self.output = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x):
        shallow = self.sfe1(x)
        each, now = [], self.sfe2(shallow)
        for block in self.rdbs:
            now = block(now)
            each.append(now)
        return self.output(shallow + self.gff[1](self.gff[0](torch.cat(each, 1))))


CASES = {"rdn": Case(Rdn(3, 5, 4, 3, 2), lambda model, x: model(x), (picture("input", 2, 3, 9, 13),))}
