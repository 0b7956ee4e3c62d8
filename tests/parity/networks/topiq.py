"""TOPIQ's CFANet: Chen et al., IEEE TIP 2024, on a narrow ResNet; attention is PyTorch's own."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture
from imagenet import normalised
from networks.resnet50 import Bottleneck

STEM, BLOCKS, WIDTH, HEADS, INNER = 4, (1, 2, 1, 1), 8, 2, 12


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, STEM, 7, 2, 3, bias=False), nn.BatchNorm2d(STEM)
        channels = STEM
        for stage, count in enumerate(BLOCKS):
            layer = nn.Sequential()
            for k in range(count):
                layer.append(Bottleneck(channels, STEM * 2 ** stage, 2 if stage > 0 and k == 0 else 1))
                channels = STEM * 2 ** stage * 4
            setattr(self, f"layer{stage + 1}", layer)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(normalised(x))))
        yield x
        x = F.max_pool2d(x, 3, 2, 1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
            yield x


def gate(channels):
    return nn.Sequential(nn.Conv2d(channels, 64, 1), nn.GELU(), nn.Conv2d(64, 64, 3, padding=1), nn.GELU(), nn.Conv2d(64, 1, 3, padding=1), nn.Sigmoid())


class BlindGate(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.splitconv, self.weight_blk = nn.Conv2d(channels, channels * 2, 1), gate(channels)

    def forward(self, x):
        own, other = self.splitconv(x).chunk(2, 1)
        return F.gelu(own) * self.weight_blk(other)


class Stack(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layers = nn.ModuleList([layer])


def encoder():
    return nn.TransformerEncoderLayer(WIDTH, HEADS, INNER, activation="gelu", norm_first=True)


class Topiq(nn.Module):
    def __init__(self, reference):
        super().__init__()
        self.reference = reference
        self.semantic_model = ResNet()
        channels = [STEM, *(STEM * 2 ** stage * 4 for stage in range(4))]
        self.weight_pool = nn.ModuleList((gate if reference else BlindGate)(count) for count in channels)
        self.dim_reduce = nn.ModuleList(nn.Sequential(nn.Conv2d(count * (3 if reference else 1), WIDTH, 1), nn.GELU()) for count in channels)
        self.sa_attn_blks = nn.ModuleList(Stack(encoder()) for _ in channels)
        self.attn_blks = nn.ModuleList(Stack(nn.TransformerDecoderLayer(WIDTH, HEADS, INNER)) for _ in range(4))
        self.attn_pool = encoder()
        self.score_linear = nn.Sequential(
            nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.LayerNorm(WIDTH), nn.Linear(WIDTH, WIDTH), nn.GELU(), nn.Linear(WIDTH, 1))
        self.h_emb = nn.Parameter(torch.empty(1, WIDTH // 2, 32, 1))
        self.w_emb = nn.Parameter(torch.empty(1, WIDTH // 2, 1, 32))

    def forward(self, *pictures):
        levels = list(zip(*(self.semantic_model(x) for x in pictures)))
        coarse = levels[4][0].shape[2:]
        places = torch.cat((self.h_emb.expand(-1, -1, -1, 32), self.w_emb.expand(-1, -1, 32, -1)), 1)
        tokens = []
        for level in range(5):
            if self.reference:
                x, y = levels[level]
                d = torch.sqrt((x - y) ** 2 + 1e-12)
                x = torch.cat((x, y, d), 1) * self.weight_pool[level](d)
            else:
                x = self.weight_pool[level](levels[level][0])
            if x.shape[2] > coarse[0] and x.shape[3] > coarse[1]:
                x = F.adaptive_avg_pool2d(x, coarse)
            x = self.dim_reduce[level](x)
            x = x.flatten(2).permute(2, 0, 1) + F.interpolate(places, x.shape[2:], mode="bicubic", align_corners=False).flatten(2).permute(2, 0, 1)
            tokens.append(self.sa_attn_blks[level].layers[0](x))
        query = tokens[4]
        for k in range(4):
            layer = self.attn_blks[k].layers[0]
            memory = layer.norm2(tokens[3 - k])
            query = query + layer.multihead_attn(layer.norm1(query), memory, memory)[0]
            query = query + layer.linear2(F.gelu(layer.linear1(layer.norm3(query))))
        return self.score_linear(self.attn_pool(query).mean(0))


CASES = {
    "topiq_fr": Case(Topiq(True), lambda model, a, b: model(a, b), (picture("a", 2, 3, 70, 101), picture("b", 2, 3, 70, 101))),
    "topiq_nr": Case(Topiq(False), lambda model, a: model(a), (picture("a", 2, 3, 70, 101),)),
}
