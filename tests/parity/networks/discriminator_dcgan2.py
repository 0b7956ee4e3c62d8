"""The one-to-many paper's discriminator (Guo and Chao, CVPR 2017, table 1) by our reading: 3x3 kernels, pictures in -1..1, averaged logits."""
from torch import nn

from case import Case
from formula import picture


class DoubledDcgan(nn.Module):
    def __init__(self, width, channels):
        super().__init__()
        layers = []
        for unit in range(4):
            for stride in (1, 2):
                final = unit == 3 and stride == 2
                layers.append(nn.Conv2d(channels, width << unit, 3, stride, 1, bias=final))
                channels = width << unit
                layers += [] if final else [nn.BatchNorm2d(channels), nn.LeakyReLU(0.2)]
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Linear(channels, 1)

    def forward(self, x):
        places = self.classifier(self.features(2 * x - 1).permute(0, 2, 3, 1))
        return places.mean((1, 2))


CASES = {"discriminator_dcgan2": Case(DoubledDcgan(4, 1), lambda model, x: model(x), (picture("input", 2, 1, 24, 33),))}
