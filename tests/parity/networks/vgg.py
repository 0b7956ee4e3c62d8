"""VGG-16 and VGG-19: Simonyan and Zisserman, ICLR 2015, torchvision's numbering of the convolutions."""
from torch import nn

from case import Case
from formula import picture
from imagenet import normalised


class Vgg(nn.Module):
    def __init__(self, *blocks):
        super().__init__()
        self.features, channels = nn.Sequential(), 3
        for count, width in zip(blocks, (64, 128, 256, 512, 512)):
            for _ in range(count):
                self.features.append(nn.Conv2d(channels, width, 3, padding=1)).append(nn.ReLU())
                channels = width
            self.features.append(nn.MaxPool2d(2))

    def forward(self, x, last):
        for layer in self.features[:last + 1]:
            x = layer(x)
        return x


INPUT = (picture("input", 1, 3, 32, 48),)
CASES = {
    "vgg19": Case(Vgg(2, 2, 4, 4, 4), lambda model, x: {"conv5_4": model(normalised(x), 34)}, INPUT),
    "vgg16": Case(Vgg(2, 2, 3, 3, 3), lambda model, x: {"relu5_3": model(normalised(x), 29)}, INPUT),
}
