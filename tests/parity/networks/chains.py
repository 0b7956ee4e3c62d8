"""AR-CNN (Dong et al., ICCV 2015), DnCNN (Zhang et al., TIP 2017), DCAD (Wang et al., DCC 2017): chains of convolutions."""
import torch
from torch import nn

from case import Case
from formula import picture


class Named(nn.Module):
    """A chain under one name; `join` makes the picture of the input and of what the chain gives."""

    def __init__(self, name, layers, join):
        super().__init__()
        self.add_module(name, nn.Sequential(*layers))
        self.name, self.join = name, join

    def forward(self, x):
        return self.join(x, getattr(self, self.name)(x))


def arcnn(channels, widths, activation, join):
    a, b, c = widths
    return Named("layers", [
        nn.Conv2d(channels, a, 9, padding=4), activation(),
        nn.Conv2d(a, b, 7, padding=3), activation(),
        nn.Conv2d(b, c, 1), activation(),
        nn.Conv2d(c, channels, 5, padding=2)], join)


def chain(name, channels, width, depth, norm, join):
    layers = [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
    for _ in range(depth - 2):
        layers += [nn.Conv2d(width, width, 3, padding=1, bias=not norm)]
        layers += [nn.BatchNorm2d(width, eps=1e-4)] if norm else []
        layers += [nn.ReLU()]
    layers += [nn.Conv2d(width, channels, 3, padding=1)]
    return Named(name, layers, join)


def direct(x, found):
    return found


def run(model, x):
    return model(x)


RGB, GRAY = picture("input", 2, 3, 11, 14), picture("input", 2, 1, 11, 14)
CASES = {
    "arcnn": Case(arcnn(1, (6, 4, 3), nn.ReLU, direct), run, (GRAY,)),
    "arcnn_prelu": Case(arcnn(3, (6, 4, 3), nn.PReLU, direct), run, (RGB,)),
    "arcnn_residual": Case(arcnn(3, (6, 4, 3), nn.ReLU, torch.add), run, (RGB,)),
    "dcad": Case(chain("layers", 3, 5, 4, False, torch.add), run, (RGB,)),
    "dncnn": Case(chain("model", 1, 5, 6, False, torch.sub), run, (GRAY,)),
    "dncnn_norm": Case(chain("model", 3, 5, 6, True, torch.add), run, (RGB,)),
}
