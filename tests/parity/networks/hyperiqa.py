"""HyperIQA: Su et al., CVPR 2020, with pyiqa's crops, on a narrow ResNet."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture
from networks.topiq import ResNet, STEM


def pooled(outputs):
    return nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(112, outputs))


class HyperIqa(nn.Module):
    def __init__(self):
        super().__init__()
        self.base_model = ResNet()
        channels = [STEM * 4 * 2 ** k for k in range(4)]
        self.lda_modules = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels[k], 16 * 2 ** k, 1, bias=False), nn.AvgPool2d(7, 7), nn.Flatten(), nn.Linear(inputs, 16))
            for k, inputs in enumerate((1024, 512, 256)))
        self.lda_modules.append(nn.Sequential(nn.AvgPool2d(7, 7), nn.Flatten(), nn.Linear(channels[3], 176)))
        self.conv1 = nn.Sequential(nn.Conv2d(channels[3], 1024, 1), nn.ReLU(), nn.Conv2d(1024, 512, 1), nn.ReLU(), nn.Conv2d(512, 112, 1), nn.ReLU())
        self.fc_w_modules = nn.ModuleList(nn.Conv2d(112, width, 3, padding=1) for width in (512, 128, 32, 8))
        self.fc_w_modules.append(pooled(14))
        self.fc_b_modules = nn.ModuleList(pooled(width) for width in (112, 56, 28, 14, 1))

    def crops(self, x):
        if min(x.shape[2:]) <= 224:
            small = min(x.shape[2:])
            x = F.interpolate(x, [side * 225 // small for side in x.shape[2:]], mode="bilinear", align_corners=False)
        down, right = ((side - 224) // 5 for side in x.shape[2:])
        return torch.cat([x[:, :, i * down:i * down + 224, j * right:j * right + 224] for i in range(5) for j in range(5)])

    def forward(self, x):
        levels = list(self.base_model(self.crops(x)))[1:]
        look = torch.cat([module(level) for module, level in zip(self.lda_modules, levels)], 1)
        content = self.conv1(levels[3])
        for k, (inputs, outputs) in enumerate(((224, 112), (112, 56), (56, 28), (28, 14), (14, 1))):
            weight = self.fc_w_modules[k](content).reshape(-1, outputs, inputs)
            look = torch.einsum("noi,ni->no", weight, look) + self.fc_b_modules[k](content)
            if k < 4:
                look = torch.sigmoid(look)
        return look.mean()


def run(model, x):
    return model(x)[None]


CASES = {
    "hyperiqa": Case(HyperIqa(), run, (picture("input", 1, 3, 231, 246),)),
    "hyperiqa_small": Case(HyperIqa(), run, (picture("input", 1, 3, 61, 47),)),
}
