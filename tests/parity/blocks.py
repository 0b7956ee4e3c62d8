"""What references of networks on JPEG coefficients share: the 8x8 DCT of planes, and coefficients made by the formula."""
import math

import torch

from formula import picture

COSINES = torch.tensor(
    [[(math.sqrt(1 / 8) if k == 0 else 0.5) * math.cos((2 * x + 1) * k * math.pi / 16) for x in range(8)] for k in range(8)],
    dtype=torch.float64)


def per_block(plane, transform):
    n, c, h, w = plane.shape
    blocks = plane.reshape(n, c, h // 8, 8, w // 8, 8).permute(0, 1, 2, 4, 3, 5)
    return transform(blocks).permute(0, 1, 2, 4, 3, 5).reshape(n, c, h, w)


def dct(plane):
    return per_block(plane, lambda block: COSINES @ block @ COSINES.T)


def idct(plane):
    return per_block(plane, lambda block: COSINES.T @ block @ COSINES)


def tiled(table, like):
    return table.repeat(1, 1, like.shape[2] // 8, like.shape[3] // 8)


def coefficients(name, *shape):
    """Whole numbers from -6 to 6, as float32."""
    return torch.round((picture(name, *shape) - 0.5) * 12)


def table(name, *shape):
    """Steps from 5 to 25."""
    return torch.round(picture(name, *shape) * 20 + 5)
