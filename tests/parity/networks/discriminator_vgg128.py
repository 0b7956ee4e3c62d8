"""The discriminator of SRGAN and ESRGAN as BasicSR has it, here conditional: it reads the restored and the compressed picture."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


class VggStyle(nn.Module):
    def __init__(self, width, channels):
        super().__init__()
        for k, factor in enumerate((1, 2, 4, 8, 8)):
            m = width * factor
            setattr(self, f"conv{k}_0", nn.Conv2d(channels, m, 3, 1, 1, bias=k == 0))
            if k:
                setattr(self, f"bn{k}_0", nn.BatchNorm2d(m))
            setattr(self, f"conv{k}_1", nn.Conv2d(m, m, 4, 2, 1, bias=False))
            setattr(self, f"bn{k}_1", nn.BatchNorm2d(m))
            channels = m
        self.linear1 = nn.Linear(channels * 16, 100)
        self.linear2 = nn.Linear(100, 1)

    def forward(self, x):
        for k in range(5):
            x = getattr(self, f"conv{k}_0")(x)
            x = F.leaky_relu(getattr(self, f"bn{k}_0")(x) if k else x, 0.2)
            x = F.leaky_relu(getattr(self, f"bn{k}_1")(getattr(self, f"conv{k}_1")(x)), 0.2)
        return self.linear2(F.leaky_relu(self.linear1(x.flatten(1)), 0.2))


CASES = {
    "discriminator_vgg128": Case(
        VggStyle(4, 6), lambda model, restored, compressed: model(torch.cat((restored, compressed), 1)),
        (picture("input", 2, 3, 128, 128), picture("compressed", 2, 3, 128, 128)),
    )
}
