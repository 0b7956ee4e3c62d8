"""SqueezeNet 1.1: Iandola et al., arXiv:1602.07360, torchvision's form of the second version."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture
from imagenet import normalised


class Fire(nn.Module):
    def __init__(self, channels, squeezed, expanded):
        super().__init__()
        self.squeeze = nn.Conv2d(channels, squeezed, 1)
        self.expand1x1 = nn.Conv2d(squeezed, expanded, 1)
        self.expand3x3 = nn.Conv2d(squeezed, expanded, 3, padding=1)

    def forward(self, x):
        x = F.relu(self.squeeze(x))
        return F.relu(torch.cat((self.expand1x1(x), self.expand3x3(x)), 1))


class SqueezeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 64, 3, stride=2), nn.ReLU())
        channels = 64
        for widths in ((16, 16), (32, 32), (48, 48, 64, 64)):
            self.features.append(nn.MaxPool2d(3, 2, ceil_mode=True))
            for width in widths:
                self.features.append(Fire(channels, width, 4 * width))
                channels = 8 * width

    def forward(self, x):
        return {"fire8": self.features(x)}


# Of such a size that every pool cuts off a window.
CASES = {"squeezenet1_1": Case(SqueezeNet(), lambda model, x: model(normalised(x)), (picture("input", 1, 3, 33, 41),))}
