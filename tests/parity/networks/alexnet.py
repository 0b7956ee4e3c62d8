"""AlexNet: Krizhevsky, arXiv:1404.5997, torchvision's form."""
from torch import nn

from case import Case
from formula import picture
from imagenet import normalised


class AlexNet(nn.Module):
    def __init__(self):
        super().__init__()
        convolutions = {
            0: nn.Conv2d(3, 64, kernel_size=11, stride=4, padding=2),
            3: nn.Conv2d(64, 192, kernel_size=5, padding=2),
            6: nn.Conv2d(192, 384, kernel_size=3, padding=1),
            8: nn.Conv2d(384, 256, kernel_size=3, padding=1),
            10: nn.Conv2d(256, 256, kernel_size=3, padding=1),
        }
        pools = (2, 5, 12)
        self.features = nn.Sequential(*(convolutions.get(k) or (nn.MaxPool2d(3, 2) if k in pools else nn.ReLU()) for k in range(13)))

    def forward(self, x):
        return {"relu5": self.features[:12](x)}


CASES = {"alexnet": Case(AlexNet(), lambda model, x: model(normalised(x)), (picture("input", 1, 3, 64, 71),))}
