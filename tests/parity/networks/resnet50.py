"""ResNet-50: He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, in torchvision's form, without classifier."""
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture
from imagenet import normalised


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, width * 4, 1, bias=False), nn.BatchNorm2d(width * 4)
        if stride > 1 or channels != width * 4:
            self.downsample = nn.Sequential(nn.Conv2d(channels, width * 4, 1, stride, bias=False), nn.BatchNorm2d(width * 4))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (self.downsample(x) if hasattr(self, "downsample") else x))


class ResNet50(nn.Module):
    def __init__(self, last_stride=2):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64)
        channels = 64
        for stage, (count, width, stride) in enumerate(((3, 64, 1), (4, 128, 2), (6, 256, 2), (3, 512, last_stride)), 1):
            blocks = []
            for k in range(count):
                blocks.append(Bottleneck(channels, width, stride if k == 0 else 1))
                channels = width * 4
            setattr(self, f"layer{stage}", nn.Sequential(*blocks))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        return {"layer4": self.layer4(self.layer3(self.layer2(self.layer1(x))))}


INPUT = (picture("input", 1, 3, 17, 33),)
CASES = {
    "resnet50": Case(ResNet50(), lambda model, x: model(normalised(x)), INPUT),
    # The encoder of DAGN, which takes the picture as it is.
    "resnet50_dagn": Case(ResNet50(last_stride=1), lambda model, x: model(x), INPUT),
}
