"""DAGN: Ma et al., "Sensitivity Decouple Learning for Image Compression Artifacts Reduction", TIP 2024, as its authors released it.

Attention for the fusion, its result added; scales through a sigmoid, shifts through tanh; the network pads by repeating the border to 16.
"""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture
from networks.resnet50 import Bottleneck


class Encoder(nn.Module):
    def __init__(self, width, blocks):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, width, 7, 2, 3, bias=False), nn.BatchNorm2d(width)
        channels = width
        for stage, count in enumerate(blocks):
            made = []
            for k in range(count):
                made.append(Bottleneck(channels, width * 2**stage, 2 if k == 0 and stage in (1, 2) else 1))
                channels = width * 2**stage * 4
            setattr(self, f"layer{stage + 1}", nn.Sequential(*made))
        self.conv5, self.bn5 = nn.Conv2d(channels, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8)

    def features(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return x

    def forward(self, x):
        return F.relu(self.bn5(self.conv5(self.features(x))))


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.res = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1), nn.BatchNorm2d(width, eps=1e-4, momentum=0.9), nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1))

    def forward(self, x, scale=1, shift=0):
        return x + scale * self.res(x) + shift


class Stage(nn.Module):
    def __init__(self, features, width):
        super().__init__()
        inner = width // 2
        self.f_key = nn.Sequential(nn.Conv2d(features, inner, 1), nn.BatchNorm2d(inner), nn.ReLU())
        self.f_query = nn.Sequential(nn.Conv2d(width, inner, 1), nn.BatchNorm2d(inner), nn.ReLU())
        self.f_value = nn.Conv2d(features, inner, 1)
        self.W = nn.Conv2d(inner, width, 1)


class Fusion(nn.Module):
    def __init__(self, features, width, joined):
        super().__init__()
        self.joined = joined
        self.stages = nn.ModuleList([Stage(features, width)])
        self.conv_bn_dropout = nn.Sequential(nn.Conv2d(2 * width, width, 1), nn.BatchNorm2d(width), nn.Dropout2d(0.05))

    def forward(self, x, features):
        stage = self.stages[0]
        tokens = lambda m: torch.cat([F.adaptive_avg_pool2d(m, side).flatten(2) for side in (1, 2, 4, 8)], 2)
        key, value = tokens(stage.f_key(features)), tokens(stage.f_value(features))
        query = stage.f_query(x)
        weights = torch.einsum("nchw,nct->nhwt", query, key) / key.shape[1] ** 0.5
        context = stage.W(torch.einsum("nhwt,nct->nchw", weights.softmax(-1), value))
        return self.conv_bn_dropout(torch.cat((context, x), 1)) if self.joined else x + context


class Dagn(nn.Module):
    def __init__(self, widths=(64, 128, 256, 512), blocks=4, encoder=64, stages=(3, 4, 6, 3), guider=512, joined=False):
        super().__init__()
        self.blocks = blocks
        self.m_head = nn.Conv2d(3, widths[0], 3, padding=1)
        for n in range(3):
            down = [Block(widths[n]) for _ in range(blocks)] + [nn.Conv2d(widths[n], widths[n + 1], 2, 2)]
            setattr(self, f"m_down{n + 1}", nn.Sequential(*down))
            up = [nn.ConvTranspose2d(widths[n + 1], widths[n], 2, 2)] + [Block(widths[n]) for _ in range(2 * blocks)]
            setattr(self, f"m_up{n + 1}", nn.Sequential(*up))
        self.m_body_encoder = nn.Sequential(*(Block(widths[3]) for _ in range(blocks)))
        self.m_body_decoder = nn.Sequential(*(Block(widths[3]) for _ in range(blocks)))
        self.m_tail = nn.Conv2d(widths[0], 3, 3, padding=1)
        features = 32 * encoder
        for name, kind in (("qf_embed", "s"), ("is_embed", "i")):
            setattr(self, name, nn.Sequential(nn.Linear(features, guider), nn.ReLU(), nn.Linear(guider, guider), nn.ReLU()))
            for n in range(3):
                for what in ("gamma", "beta"):
                    setattr(self, f"to_{what}_{n + 1}_{kind}", nn.Sequential(nn.Linear(guider, widths[n])))
        self.fusion_block = Fusion(features, widths[3], joined)
        self.se, self.ie = Encoder(encoder, stages), Encoder(encoder, stages)

    def guides(self, embed, kind, features):
        seen = getattr(self, embed)(features.mean((2, 3)))
        layer = lambda what, n: getattr(self, f"to_{what}_{n}_{kind}")(seen)[:, :, None, None]
        return {n: (torch.sigmoid(layer("gamma", n)), torch.tanh(layer("beta", n))) for n in (1, 2, 3)}

    def forward(self, x):
        height, width = x.shape[2:]
        x = F.pad(x, (0, -width % 16, 0, -height % 16), mode="replicate")
        sensitive, insensitive = self.se.features(x), self.ie.features(x)
        guides = (self.guides("qf_embed", "s", sensitive), self.guides("is_embed", "i", insensitive))
        skips = [self.m_head(x)]
        for n in (1, 2, 3):
            skips.append(getattr(self, f"m_down{n}")(skips[-1]))
        y = self.m_body_decoder(self.fusion_block(self.m_body_encoder(skips[3]), insensitive))
        for n in (3, 2, 1):
            up = getattr(self, f"m_up{n}")
            y = up[0](y + skips[n])
            for k in range(2 * self.blocks):
                y = up[1 + k](y, *guides[k // self.blocks][n])
        return self.m_tail(y + skips[0])[:, :, :height, :width]


SMALL = {"widths": (4, 6, 6, 8), "blocks": 1, "encoder": 2, "stages": (1, 2, 1, 1), "guider": 6}
CASES = {
    "dagn": Case(Dagn(**SMALL), lambda model, x: model(x), (picture("input", 2, 3, 17, 33),)),
    "dagn_joined": Case(Dagn(**SMALL, joined=True), lambda model, x: model(x), (picture("input", 2, 3, 17, 33),)),
    "dagn_encoder": Case(Encoder(64, (3, 4, 6, 3)), lambda model, x: model(x), (picture("input", 1, 3, 48, 32),)),
}
