"""FBCNN: Jiang, Zhang, Timofte, "Towards Flexible Blind JPEG Artifacts Removal", ICCV 2021."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


class Residual(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.res = nn.Sequential(nn.Conv2d(width, width, 3, 1, 1), nn.ReLU(), nn.Conv2d(width, width, 3, 1, 1))

    def forward(self, x, scale=1.0, shift=0.0):
        return x + scale * self.res(x) + shift


class Fbcnn(nn.Module):
    def __init__(self, channels=3, widths=(64, 128, 256, 512), blocks=4):
        super().__init__()
        deep = widths[3]
        residuals = lambda width: [Residual(width) for _ in range(blocks)]
        self.m_head = nn.Conv2d(channels, widths[0], 3, 1, 1)
        for n in (1, 2, 3):
            down = nn.Conv2d(widths[n - 1], widths[n], 2, 2)
            setattr(self, f"m_down{n}", nn.Sequential(*residuals(widths[n - 1]), down))
        self.m_body_encoder = nn.Sequential(*residuals(deep))
        self.m_body_decoder = nn.Sequential(*residuals(deep))
        for n in (3, 2, 1):
            up = nn.ConvTranspose2d(widths[n], widths[n - 1], 2, 2)
            setattr(self, f"m_up{n}", nn.ModuleList([up, *residuals(widths[n - 1])]))
        self.m_tail = nn.Conv2d(widths[0], channels, 3, 1, 1)
        self.qf_pred = nn.Sequential(
            *residuals(deep), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(deep, deep), nn.ReLU(),
            nn.Linear(deep, deep), nn.ReLU(), nn.Linear(deep, 1), nn.Sigmoid())
        self.qf_embed = nn.Sequential(
            nn.Linear(1, deep), nn.ReLU(), nn.Linear(deep, deep), nn.ReLU(), nn.Linear(deep, deep), nn.ReLU())
        for n in (3, 2, 1):
            setattr(self, f"to_gamma_{n}", nn.Sequential(nn.Linear(deep, widths[n - 1]), nn.Sigmoid()))
            setattr(self, f"to_beta_{n}", nn.Sequential(nn.Linear(deep, widths[n - 1]), nn.Tanh()))

    def forward(self, image, quality=None):
        h, w = image.shape[2:]
        x = F.pad(image, (0, -w % 8, 0, -h % 8), mode="replicate")
        skips = [self.m_head(x)]
        for n in (1, 2, 3):
            skips.append(getattr(self, f"m_down{n}")(skips[-1]))
        x = self.m_body_encoder(skips[3])
        predicted = self.qf_pred(x)
        embedded = self.qf_embed(predicted if quality is None else 1 - quality / 100)
        x = self.m_body_decoder(x)
        for n in (3, 2, 1):
            scale = getattr(self, f"to_gamma_{n}")(embedded)[:, :, None, None]
            shift = getattr(self, f"to_beta_{n}")(embedded)[:, :, None, None]
            up, *blocks = getattr(self, f"m_up{n}")
            x = up(x + skips[n])
            for block in blocks:
                x = block(x, scale, shift)
        return self.m_tail(x + skips[0])[:, :, :h, :w], (1 - predicted) * 100


def run(model, image):
    blind, predicted = model(image)
    told, _ = model(image, torch.full((2, 1), 35.0, dtype=image.dtype))
    return {"blind": blind, "quality": predicted, "told": told}


CASES = {"fbcnn": Case(Fbcnn(3, (4, 5, 6, 8), 2), run, (picture("input", 2, 3, 19, 21),))}
