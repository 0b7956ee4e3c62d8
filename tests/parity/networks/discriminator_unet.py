"""Real-ESRGAN's discriminator: Wang et al., ICCVW 2021; spectral normalisation is PyTorch's own."""
import torch.nn.functional as F
from torch import nn
from torch.nn.utils import spectral_norm

from case import Case
from formula import picture


class UNet(nn.Module):
    def __init__(self, width, channels=3):
        super().__init__()
        m = width
        self.conv0 = nn.Conv2d(channels, m, 3, padding=1)
        for k, (a, b) in enumerate(((m, 2 * m), (2 * m, 4 * m), (4 * m, 8 * m)), 1):
            setattr(self, f"conv{k}", spectral_norm(nn.Conv2d(a, b, 4, stride=2, padding=1, bias=False)))
        for k, (a, b) in enumerate(((8 * m, 4 * m), (4 * m, 2 * m), (2 * m, m), (m, m), (m, m)), 4):
            setattr(self, f"conv{k}", spectral_norm(nn.Conv2d(a, b, 3, padding=1, bias=False)))
        self.conv9 = nn.Conv2d(m, 1, 3, padding=1)

    def forward(self, x):
        def active(name, x):
            return F.leaky_relu(getattr(self, name)(x), 0.2)

        def larger(x):
            return F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)

        f0 = active("conv0", x)
        f1 = active("conv1", f0)
        f2 = active("conv2", f1)
        y = active("conv3", f2)
        y = active("conv4", larger(y)) + f2
        y = active("conv5", larger(y)) + f1
        y = active("conv6", larger(y)) + f0
        return self.conv9(active("conv8", active("conv7", y)))


def run(model, x):
    """One forward in training moves the singular vectors; evaluation then uses them as they are."""
    return {"training": model.train()(x), "evaluation": model.eval()(x)}


CASES = {"discriminator_unet": Case(UNet(6), run, (picture("input", 1, 3, 16, 24),))}
