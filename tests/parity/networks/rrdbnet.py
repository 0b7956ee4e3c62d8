"""RRDBNet: Wang et al., "ESRGAN: Enhanced Super-Resolution Generative Adversarial Networks", ECCVW 2018.

Scale 4 is the paper's. Scales 2 and 1 fold the picture by 2 and 4 first, as Real-ESRGAN (ICCVW 2021) does.
"""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


class DenseBlock(nn.Module):
    def __init__(self, width, growth):
        super().__init__()
        for k in range(5):
            setattr(self, f"conv{k + 1}", nn.Conv2d(width + k * growth, growth if k < 4 else width, 3, padding=1))

    def forward(self, x):
        seen = x
        for conv in (self.conv1, self.conv2, self.conv3, self.conv4):
            seen = torch.cat((seen, F.leaky_relu(conv(seen), 0.2)), 1)
        return x + 0.2 * self.conv5(seen)


class Rrdb(nn.Module):
    def __init__(self, width, growth):
        super().__init__()
        self.rdb1, self.rdb2, self.rdb3 = (DenseBlock(width, growth) for _ in range(3))

    def forward(self, x):
        return x + 0.2 * self.rdb3(self.rdb2(self.rdb1(x)))


class RrdbNet(nn.Module):
    def __init__(self, scale, width, blocks, growth, channels=3):
        super().__init__()
        self.fold = {4: 1, 2: 2, 1: 4}[scale]
        self.conv_first = nn.Conv2d(channels * self.fold**2, width, 3, padding=1)
        self.body = nn.Sequential(*(Rrdb(width, growth) for _ in range(blocks)))
        for name in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
            setattr(self, name, nn.Conv2d(width, width, 3, padding=1))
        self.conv_last = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x):
        n, c, h, w = x.shape
        f = self.fold
        x = x.reshape(n, c, h // f, f, w // f, f).permute(0, 1, 3, 5, 2, 4).reshape(n, c * f * f, h // f, w // f)
        start = self.conv_first(x)
        x = start + self.conv_body(self.body(start))
        for conv in (self.conv_up1, self.conv_up2):
            x = F.leaky_relu(conv(x.repeat_interleave(2, 2).repeat_interleave(2, 3)), 0.2)
        return self.conv_last(F.leaky_relu(self.conv_hr(x), 0.2))


CASES = {
    f"rrdbnet_x{scale}": Case(RrdbNet(scale, 6, 2, 4), lambda model, x: model(x), (picture("input", 1, 3, 8, 12),))
    for scale in (1, 2, 4)
}
