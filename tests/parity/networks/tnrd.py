"""TNRD: Chen, Pock, "Trainable Nonlinear Reaction Diffusion", TPAMI 2017; JPEG deblocking. Parameters as in the authors' .mat files."""
import math

import torch
import torch.nn.functional as F
from torch import nn

from blocks import coefficients, dct, idct, table, tiled
from case import Case


def basis(size):
    """Columns: 2-D cosines without the constant one, the vertical frequency running fastest."""
    wave = [[(math.sqrt(1 / size) if k == 0 else math.sqrt(2 / size)) * math.cos(math.pi * k * (x + 0.5) / size) for x in range(size)]
            for k in range(size)]
    wave = torch.tensor(wave, dtype=torch.float64)
    functions = [torch.outer(wave[down], wave[across]) for across in range(size) for down in range(size)]
    return torch.stack(functions[1:])


def mirrored(x, border):
    """Mirrored with the last row and column repeated."""
    for axis in (2, 3):
        length = x.shape[axis]
        order = [*range(border - 1, -1, -1), *range(length), *range(length - 1, length - 1 - border, -1)]
        x = x.index_select(axis, torch.tensor(order))
    return x


class Tnrd(nn.Module):
    def __init__(self, stages, size):
        super().__init__()
        self.size, self.count = size, size * size - 1
        self.cof = nn.Parameter(torch.zeros(stages, self.count * (self.count + 63)))

    def forward(self, quantised, steps):
        steps = tiled(steps, quantised)
        middle = quantised * steps
        u = idct(middle).clamp(-128, 127)
        centres = torch.arange(-310, 311, 10, dtype=u.dtype)
        for row in self.cof:
            combos = row[: self.count**2].reshape(self.count, self.count)
            weights = row[self.count**2 :].reshape(self.count, 63)
            change = 0
            for i in range(self.count):
                kernel = torch.einsum("k,kyx->yx", combos[i], basis(self.size))
                kernel = (kernel / kernel.norm())[None, None]
                response = F.conv2d(mirrored(u, self.size - 1), kernel)
                force = (weights[i] * torch.exp(-0.005 * (response[..., None] - centres) ** 2)).sum(-1)
                change = change + F.conv2d(force, torch.rot90(kernel, 2, (2, 3)))
            u = idct(torch.maximum(torch.minimum(dct(u - change), middle + steps / 2), middle - steps / 2)).clamp(-128, 127)
        return (u + 128) / 255


CASES = {
    "tnrd": Case(Tnrd(2, 3), lambda model, q, t: model(q, t), (coefficients("coefficients", 2, 1, 16, 24), table("table", 2, 1, 8, 8))),
}
