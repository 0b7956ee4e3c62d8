"""Inception-v3 as FID uses it: Szegedy et al., CVPR 2016, torchvision's names, the pooling of the TensorFlow weights."""
import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from case import Case
from formula import picture


class Unit(nn.Module):
    def __init__(self, channels, width, kernel, stride=1, padding=0):
        super().__init__()
        self.conv = nn.Conv2d(channels, width, kernel, stride, padding, bias=False)
        self.bn = nn.BatchNorm2d(width, eps=1e-3)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


def average(x):
    return F.avg_pool2d(x, 3, 1, 1, count_include_pad=False)


class A(nn.Module):
    def __init__(self, channels, pooled):
        super().__init__()
        self.branch1x1 = Unit(channels, 64, 1)
        self.branch5x5_1, self.branch5x5_2 = Unit(channels, 48, 1), Unit(48, 64, 5, padding=2)
        self.branch3x3dbl_1, self.branch3x3dbl_2 = Unit(channels, 64, 1), Unit(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = Unit(96, 96, 3, padding=1)
        self.branch_pool = Unit(channels, pooled, 1)

    def forward(self, x):
        large = self.branch5x5_2(self.branch5x5_1(x))
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat((self.branch1x1(x), large, double, self.branch_pool(average(x))), 1)


class B(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branch3x3 = Unit(channels, 384, 3, 2)
        self.branch3x3dbl_1, self.branch3x3dbl_2 = Unit(channels, 64, 1), Unit(64, 96, 3, padding=1)
        self.branch3x3dbl_3 = Unit(96, 96, 3, 2)

    def forward(self, x):
        double = self.branch3x3dbl_3(self.branch3x3dbl_2(self.branch3x3dbl_1(x)))
        return torch.cat((self.branch3x3(x), double, F.max_pool2d(x, 3, 2)), 1)


class C(nn.Module):
    def __init__(self, channels, middle):
        super().__init__()
        across, down = ((1, 7), 1, (0, 3)), ((7, 1), 1, (3, 0))
        self.branch1x1 = Unit(channels, 192, 1)
        self.branch7x7_1, self.branch7x7_2, self.branch7x7_3 = Unit(channels, middle, 1), Unit(middle, middle, *across), Unit(middle, 192, *down)
        self.branch7x7dbl_1, self.branch7x7dbl_2 = Unit(channels, middle, 1), Unit(middle, middle, *down)
        self.branch7x7dbl_3, self.branch7x7dbl_4 = Unit(middle, middle, *across), Unit(middle, middle, *down)
        self.branch7x7dbl_5 = Unit(middle, 192, *across)
        self.branch_pool = Unit(channels, 192, 1)

    def forward(self, x):
        single = self.branch7x7_3(self.branch7x7_2(self.branch7x7_1(x)))
        double = self.branch7x7dbl_3(self.branch7x7dbl_2(self.branch7x7dbl_1(x)))
        double = self.branch7x7dbl_5(self.branch7x7dbl_4(double))
        return torch.cat((self.branch1x1(x), single, double, self.branch_pool(average(x))), 1)


class D(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.branch3x3_1, self.branch3x3_2 = Unit(channels, 192, 1), Unit(192, 320, 3, 2)
        self.branch7x7x3_1, self.branch7x7x3_2 = Unit(channels, 192, 1), Unit(192, 192, (1, 7), 1, (0, 3))
        self.branch7x7x3_3, self.branch7x7x3_4 = Unit(192, 192, (7, 1), 1, (3, 0)), Unit(192, 192, 3, 2)

    def forward(self, x):
        large = self.branch7x7x3_4(self.branch7x7x3_3(self.branch7x7x3_2(self.branch7x7x3_1(x))))
        return torch.cat((self.branch3x3_2(self.branch3x3_1(x)), large, F.max_pool2d(x, 3, 2)), 1)


class E(nn.Module):
    def __init__(self, channels, pool):
        super().__init__()
        across, down = ((1, 3), 1, (0, 1)), ((3, 1), 1, (1, 0))
        self.pool = pool
        self.branch1x1 = Unit(channels, 320, 1)
        self.branch3x3_1, self.branch3x3_2a, self.branch3x3_2b = Unit(channels, 384, 1), Unit(384, 384, *across), Unit(384, 384, *down)
        self.branch3x3dbl_1, self.branch3x3dbl_2 = Unit(channels, 448, 1), Unit(448, 384, 3, padding=1)
        self.branch3x3dbl_3a, self.branch3x3dbl_3b = Unit(384, 384, *across), Unit(384, 384, *down)
        self.branch_pool = Unit(channels, 192, 1)

    def forward(self, x):
        single = self.branch3x3_1(x)
        double = self.branch3x3dbl_2(self.branch3x3dbl_1(x))
        return torch.cat((
            self.branch1x1(x), self.branch3x3_2a(single), self.branch3x3_2b(single),
            self.branch3x3dbl_3a(double), self.branch3x3dbl_3b(double), self.branch_pool(self.pool(x))), 1)


def cleanly(x, size):
    """clean-fid: each channel by Pillow, in single precision, on the scale of bytes."""
    channels = [np.asarray(Image.fromarray(np.float32(channel) * 255).resize((size, size), Image.BICUBIC)) for channel in x[0].numpy()]
    return ((torch.from_numpy(np.stack(channels)).clip(0, 255) - 128) / 128)[None].to(x)


class InceptionV3(nn.Module):
    def __init__(self):
        super().__init__()
        self.Conv2d_1a_3x3, self.Conv2d_2a_3x3, self.Conv2d_2b_3x3 = Unit(3, 32, 3, 2), Unit(32, 32, 3), Unit(32, 64, 3, padding=1)
        self.Conv2d_3b_1x1, self.Conv2d_4a_3x3 = Unit(64, 80, 1), Unit(80, 192, 3)
        self.Mixed_5b, self.Mixed_5c, self.Mixed_5d = A(192, 32), A(256, 64), A(288, 64)
        self.Mixed_6a = B(288)
        self.Mixed_6b, self.Mixed_6c, self.Mixed_6d, self.Mixed_6e = C(768, 128), C(768, 160), C(768, 160), C(768, 192)
        self.Mixed_7a = D(768)
        self.Mixed_7b, self.Mixed_7c = E(1280, average), E(2048, lambda x: F.max_pool2d(x, 3, 1, 1))

    def forward(self, x, size, clean=False):
        x = cleanly(x, size) if clean else 2 * F.interpolate(x, (size, size), mode="bilinear", align_corners=False) - 1
        x = F.max_pool2d(self.Conv2d_2b_3x3(self.Conv2d_2a_3x3(self.Conv2d_1a_3x3(x))), 3, 2)
        x = F.max_pool2d(self.Conv2d_4a_3x3(self.Conv2d_3b_1x1(x)), 3, 2)
        x = self.Mixed_5d(self.Mixed_5c(self.Mixed_5b(x)))
        x = self.Mixed_6e(self.Mixed_6d(self.Mixed_6c(self.Mixed_6b(self.Mixed_6a(x)))))
        x = self.Mixed_7c(self.Mixed_7b(self.Mixed_7a(x)))
        return x.mean((2, 3))


CASES = {
    "inception_v3_fid": Case(InceptionV3(), lambda model, x: model(x, 107), (picture("input", 1, 3, 40, 52),)),
    "inception_v3_fid_clean": Case(InceptionV3(), lambda model, x: model(x, 107, clean=True), (picture("input", 1, 3, 150, 90),)),
}
