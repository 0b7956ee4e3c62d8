"""IPT: Chen et al., "Pre-Trained Image Processing Transformer", CVPR 2021, on one square of pixels."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture

MEAN = (0.4488, 0.4371, 0.4040)


class MeanShift(nn.Module):
    def __init__(self, white):
        super().__init__()
        self.register_buffer("weight", torch.eye(3).reshape(3, 3, 1, 1))
        self.register_buffer("bias", (white * torch.tensor(MEAN, dtype=torch.float64)).float())

    def forward(self, x):
        return F.conv2d(x, self.weight, self.bias)


class Block(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(width, width, 5, padding=2), nn.ReLU(), nn.Conv2d(width, width, 5, padding=2))

    def forward(self, x):
        return x + self.body(x)


class EncoderLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads, bias=False)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x):
        y = self.norm1(x)
        x = x + self.self_attn(y, y, y)[0]
        return x + self.linear2(F.relu(self.linear1(self.norm2(x))))


class DecoderLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.self_attn = nn.MultiheadAttention(width, heads, bias=False)
        self.multihead_attn = nn.MultiheadAttention(width, heads, bias=False)
        self.linear1, self.linear2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.norm1, self.norm2, self.norm3 = nn.LayerNorm(width), nn.LayerNorm(width), nn.LayerNorm(width)

    def forward(self, x, memory, task):
        y = self.norm1(x)
        x = x + self.self_attn(y + task, y + task, y)[0]
        x = x + self.multihead_attn(self.norm2(x) + task, memory, memory)[0]
        return x + self.linear2(F.relu(self.linear1(self.norm3(x))))


class Stack(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)


class Position(nn.Module):
    def __init__(self, tokens, width):
        super().__init__()
        self.pe = nn.Embedding(tokens, width)
        self.register_buffer("position_ids", torch.arange(tokens).reshape(1, -1))


class Body(nn.Module):
    def __init__(self, channels, patch, token, heads, layers):
        super().__init__()
        width, tokens = channels * token**2, (patch // token) ** 2
        self.patch, self.token, self.width = patch, token, width
        self.linear_encoding = nn.Linear(width, width)
        self.mlp_head = nn.Sequential(nn.Linear(width, 4 * width), nn.Identity(), nn.ReLU(), nn.Linear(4 * width, width))
        self.query_embed = nn.Embedding(1, width * tokens)
        self.encoder = Stack(EncoderLayer(width, heads) for _ in range(layers))
        self.decoder = Stack(DecoderLayer(width, heads) for _ in range(layers))
        self.position_encoding = Position(tokens, width)

    def forward(self, x):
        x = F.unfold(x, self.token, stride=self.token).permute(2, 0, 1)  # tokens first
        x = self.linear_encoding(x) + x
        task = self.query_embed.weight[0].reshape(-1, 1, self.width)
        x = x + self.position_encoding.pe(self.position_encoding.position_ids).transpose(0, 1)
        for layer in self.encoder.layers:
            x = layer(x)
        memory = x
        for layer in self.decoder.layers:
            x = layer(x, memory, task)
        x = self.mlp_head(x) + x
        return F.fold(x.permute(1, 2, 0), self.patch, self.token, stride=self.token)


class Ipt(nn.Module):
    def __init__(self, width=64, patch=48, token=3, heads=12, layers=12, white=255):
        super().__init__()
        self.white = white
        self.sub_mean, self.add_mean = MeanShift(-white), MeanShift(white)
        self.head = nn.ModuleList([nn.Sequential(nn.Conv2d(3, width, 3, padding=1), Block(width), Block(width))])
        self.body = Body(width, patch, token, heads, layers)
        self.tail = nn.ModuleList([nn.Sequential(nn.Sequential(), nn.Conv2d(width, 3, 3, padding=1))])

    def forward(self, x):
        x = self.head[0](self.sub_mean(x * self.white))
        return self.add_mean(self.tail[0](self.body(x) + x)) / self.white


CASES = {"ipt": Case(Ipt(4, 12, 3, 3, 2), lambda model, x: model(x), (picture("input", 2, 3, 12, 12),))}
