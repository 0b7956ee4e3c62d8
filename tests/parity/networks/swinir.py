"""SwinIR for JPEG: Liang et al., "SwinIR: Image Restoration Using Swin Transformer", ICCVW 2021.

The picture is mirrored at the right and at the bottom, border pixels included, to the next multiple of the window, as the authors' test does.
"""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


def cut(x, w):
    """[N,H,W,C] to [windows, w*w, C]."""
    n, height, width, c = x.shape
    rows = [x[:, i : i + w, j : j + w].reshape(n, 1, w * w, c) for i in range(0, height, w) for j in range(0, width, w)]
    return torch.cat(rows, 1).reshape(-1, w * w, c)


def join(windows, w, n, height, width):
    windows = windows.reshape(n, (height // w) * (width // w), w, w, -1)
    lines = []
    for i in range(height // w):
        lines.append(torch.cat([windows[:, i * (width // w) + j] for j in range(width // w)], 2))
    return torch.cat(lines, 1)


def mask_of(height, width, w, shift):
    """-100 between pixels of a shifted window that come from different parts of the picture."""
    part = torch.zeros(1, height, width, 1)
    for rows in (slice(height - w, height - shift), slice(height - shift, height)):
        part[:, rows] += 1 if rows.start == height - w else 2
    for columns in (slice(width - w, width - shift), slice(width - shift, width)):
        part[:, :, columns] += 10 if columns.start == width - w else 20
    windows = cut(part, w).squeeze(-1)
    return (windows.unsqueeze(1) != windows.unsqueeze(2)).float() * -100


class Attention(nn.Module):
    def __init__(self, width, w, heads):
        super().__init__()
        self.heads, self.w = heads, w
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * w - 1) ** 2, heads))
        y, x = torch.meshgrid(torch.arange(w), torch.arange(w), indexing="ij")
        y, x = y.flatten(), x.flatten()
        down, right = y[:, None] - y[None, :], x[:, None] - x[None, :]
        self.register_buffer("relative_position_index", (down + w - 1) * (2 * w - 1) + right + w - 1)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x, mask):
        windows, tokens, width = x.shape
        out = []
        q, k, v = self.qkv(x).split(width, 2)
        size = width // self.heads
        for head in range(self.heads):
            part = slice(head * size, (head + 1) * size)
            score = q[:, :, part] @ k[:, :, part].transpose(1, 2) / size**0.5
            score = score + self.relative_position_bias_table[self.relative_position_index, head]
            if mask is not None:
                score = score + mask.repeat(windows // len(mask), 1, 1)
            out.append(score.softmax(-1) @ v[:, :, part])
        return self.proj(torch.cat(out, 2))


class Layer(nn.Module):
    def __init__(self, width, w, heads, shift, ratio, size):
        super().__init__()
        self.w, self.shift = w, shift
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = Attention(width, w, heads)
        self.mlp = nn.Module()
        self.mlp.fc1, self.mlp.fc2 = nn.Linear(width, int(width * ratio)), nn.Linear(int(width * ratio), width)
        if shift:
            self.register_buffer("attn_mask", mask_of(size, size, w, shift))

    def forward(self, x):
        n, height, width, _ = x.shape
        y = torch.roll(self.norm1(x), (-self.shift, -self.shift), (1, 2))
        mask = mask_of(height, width, self.w, self.shift).to(x) if self.shift else None
        y = join(self.attn(cut(y, self.w), mask), self.w, n, height, width)
        x = x + torch.roll(y, (self.shift, self.shift), (1, 2))
        return x + self.mlp.fc2(F.gelu(self.mlp.fc1(self.norm2(x))))


class Group(nn.Module):
    def __init__(self, width, w, heads, depth, ratio, size):
        super().__init__()
        self.residual_group = nn.Module()
        self.residual_group.blocks = nn.ModuleList(Layer(width, w, heads, (k % 2) * (w // 2), ratio, size) for k in range(depth))
        self.conv = nn.Conv2d(width, width, 3, padding=1)

    def forward(self, x):
        y = x
        for block in self.residual_group.blocks:
            y = block(y)
        return x + self.conv(y.permute(0, 3, 1, 2)).permute(0, 2, 3, 1)


class SwinIr(nn.Module):
    def __init__(self, channels=3, width=180, depths=(6,) * 6, heads=(6,) * 6, window=7, ratio=2, size=126, white=255.0):
        super().__init__()
        self.window, self.white = window, white
        self.mean = (0.4488, 0.4371, 0.4040) if channels == 3 else (0.0,)
        self.conv_first = nn.Conv2d(channels, width, 3, padding=1)
        self.patch_embed = nn.Module()
        self.patch_embed.norm = nn.LayerNorm(width)
        self.layers = nn.ModuleList(Group(width, window, h, d, ratio, size) for d, h in zip(depths, heads))
        self.norm = nn.LayerNorm(width)
        self.conv_after_body = nn.Conv2d(width, width, 3, padding=1)
        self.conv_last = nn.Conv2d(width, channels, 3, padding=1)

    def forward(self, x):
        height, width = x.shape[2:]
        more = [(side // self.window + 1) * self.window for side in (height, width)]
        x = torch.cat((x, x.flip(2)), 2)[:, :, : more[0]]
        x = torch.cat((x, x.flip(3)), 3)[:, :, :, : more[1]]
        mean = torch.tensor(self.mean, dtype=torch.float32).to(x).reshape(1, -1, 1, 1)
        x = (x - mean) * self.white
        start = self.conv_first(x)
        y = self.patch_embed.norm(start.permute(0, 2, 3, 1))
        for layer in self.layers:
            y = layer(y)
        y = self.conv_after_body(self.norm(y).permute(0, 3, 1, 2)) + start
        return ((x + self.conv_last(y)) / self.white + mean)[:, :, :height, :width]


CASES = {
    "swinir_gray": Case(SwinIr(1, 12, (2, 2), (2, 3), 7, 2, 14), lambda model, x: model(x), (picture("input", 2, 1, 14, 9),)),
    "swinir_colour": Case(SwinIr(3, 8, (3,), (2,), 7, 1.5, 21), lambda model, x: model(x), (picture("input", 1, 3, 17, 23),)),
}
