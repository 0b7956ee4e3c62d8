"""MSRResNet at scale 1: SRGAN's generator (Ledig et al., CVPR 2017) without batch norm, BasicSR's names, without its upsampling."""
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        return x + self.conv2(F.relu(self.conv1(x)))


class MsrResNet(nn.Module):
    def __init__(self, width, blocks, channels=3):
        super().__init__()
        self.conv_first = nn.Conv2d(channels, width, 3, padding=1)
        self.body = nn.Sequential(*(Block(width) for _ in range(blocks)))
        self.conv_hr = nn.Conv2d(width, width, 3, padding=1)
        self.conv_last = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x):
        y = self.body(F.leaky_relu(self.conv_first(x), 0.1))
        return x + self.conv_last(F.leaky_relu(self.conv_hr(y), 0.1))


CASES = {"msrresnet": Case(MsrResNet(8, 2), lambda model, x: model(x), (picture("input", 1, 3, 17, 23),))}
