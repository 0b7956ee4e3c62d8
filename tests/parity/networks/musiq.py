"""MUSIQ: Ke et al., ICCV 2021, as pyiqa runs it: fixed numbers of places for the resized pictures, the empty ones masked."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture

SIDES, STEM, GROUPS, WIDTH, HEADS, BLOCKS, INNER, GRID, PATCH = (64, 96), 4, 2, 6, 2, 2, 10, 10, 32


def same(x, kernel, stride):
    pads = []
    for size in (x.shape[3], x.shape[2]):
        total = max((math.ceil(size / stride) - 1) * stride + kernel - size, 0)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads)


class StdConv(nn.Conv2d):
    def forward(self, x):
        w = self.weight.flatten(1)
        w = (w - w.mean(1, keepdim=True)) / (w.std(1, keepdim=True) + 1e-5)
        return F.conv2d(same(x, self.kernel_size[0], self.stride[0]), w.view_as(self.weight), stride=self.stride)


class Bottleneck(nn.Module):
    def __init__(self):
        super().__init__()
        for name, inner, outer, kernel in (("1", STEM, STEM, 1), ("2", STEM, STEM, 3), ("3", STEM, 4 * STEM, 1), ("_proj", STEM, 4 * STEM, 1)):
            setattr(self, f"conv{name}", StdConv(inner, outer, kernel, bias=False))
            setattr(self, f"gn{name}", nn.GroupNorm(GROUPS, outer, eps=1e-4))

    def forward(self, x):
        y = F.relu(self.gn1(self.conv1(x)))
        y = F.relu(self.gn2(self.conv2(y)))
        return F.relu(self.gn3(self.conv3(y)) + self.gn_proj(self.conv_proj(x)))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6), nn.LayerNorm(WIDTH, eps=1e-6)
        self.attention = nn.ModuleDict({name: nn.Linear(WIDTH, WIDTH) for name in ("query", "key", "value", "out")})
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(WIDTH, INNER), "fc2": nn.Linear(INNER, WIDTH)})

    def forward(self, x, mask):
        y, head = self.norm1(x), WIDTH // HEADS
        found = []
        q, k, v = (self.attention[name](y) for name in ("query", "key", "value"))
        for h in range(HEADS):
            part = slice(h * head, (h + 1) * head)
            logits = torch.einsum("nte,nse->nts", q[..., part], k[..., part]) / math.sqrt(head)
            found.append(logits.masked_fill(~mask[:, None, :], -1000).softmax(-1) @ v[..., part])
        x = x + self.attention["out"](torch.cat(found, -1))
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.cls = nn.Parameter(torch.empty(1, 1, WIDTH))
        self.posembed_input, self.scaleembed_input, self.transformer = nn.Module(), nn.Module(), nn.Module()
        self.posembed_input.position_emb = nn.Parameter(torch.empty(1, GRID * GRID, WIDTH))
        self.scaleembed_input.scale_emb = nn.Parameter(torch.empty(len(SIDES) + 1, WIDTH))
        for k in range(BLOCKS):
            setattr(self.transformer, f"encoderblock_{k}", Block())
        self.encoder_norm = nn.LayerNorm(WIDTH, eps=1e-6)

    def forward(self, x, places, scales, mask):
        x = x + self.posembed_input.position_emb[0, places] + self.scaleembed_input.scale_emb[scales]
        x = torch.cat((self.cls, x[None]), 1)
        mask = torch.cat((torch.ones(1, dtype=torch.bool), mask))[None]
        for k in range(BLOCKS):
            x = getattr(self.transformer, f"encoderblock_{k}")(x, mask)
        return self.encoder_norm(x)[:, 0]


class Musiq(nn.Module):
    def __init__(self, outputs):
        super().__init__()
        self.conv_root, self.gn_root, self.block1 = StdConv(3, STEM, 7, 2, bias=False), nn.GroupNorm(GROUPS, STEM, eps=1e-6), Bottleneck()
        self.embedding, self.transformer_encoder = nn.Linear(4 * STEM * 64, WIDTH), Encoder()
        self.head = nn.Linear(WIDTH, 1) if outputs == 1 else nn.Sequential(nn.Linear(WIDTH, outputs), nn.Softmax(-1))

    def forward(self, x):
        x = 2 * x - 1
        patches, places, scales, mask = [], [], [], []
        for scale, side in enumerate((*SIDES, None)):
            y = x
            if side:
                ratio = side / max(x.shape[2:])
                y = F.interpolate(x, (round(x.shape[2] * ratio), round(x.shape[3] * ratio)), mode="bicubic", align_corners=False)
            y = same(y, PATCH, PATCH)
            rows, columns = y.shape[2] // PATCH, y.shape[3] // PATCH
            slots = math.ceil(side / PATCH) ** 2 if side else rows * columns
            for slot in range(slots):
                row, column = divmod(slot, columns)
                real = row < rows
                mask.append(real)
                patches.append(y[0, :, row * PATCH:(row + 1) * PATCH, column * PATCH:(column + 1) * PATCH] if real else torch.zeros(3, PATCH, PATCH, dtype=x.dtype))
                places.append(math.floor(row * GRID / rows) * GRID + math.floor(column * GRID / columns) if real else 0)
                scales.append(scale)
        y = F.relu(self.gn_root(self.conv_root(torch.stack(patches))))
        y = self.block1(F.max_pool2d(same(y, 3, 2), 3, 2))
        tokens = self.embedding(y.permute(0, 2, 3, 1).flatten(1))
        out = self.head(self.transformer_encoder(tokens, torch.tensor(places), torch.tensor(scales), torch.tensor(mask)))
        return out[:, 0] if out.shape[1] == 1 else (out * torch.arange(1, out.shape[1] + 1, dtype=out.dtype)).sum(1)


CASES = {name: Case(Musiq(outputs), lambda model, x: model(x), (picture("input", 1, 3, 75, 110),)) for name, outputs in (("musiq", 1), ("musiq_ava", 10))}
