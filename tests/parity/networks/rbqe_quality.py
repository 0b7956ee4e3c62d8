"""RBQE's quality assessment without a reference, patch by patch in numpy, from its MATLAB definition (see BlindQuality.cs)."""
import math

import numpy as np
import torch

from case import Case
from formula import uniform


def polynomials(n):
    """Orthonormal discrete Tchebichef polynomials: the powers of x, orthogonalised in order, leading coefficients positive."""
    q, r = np.linalg.qr(np.vander(np.arange(n, dtype=float), n, increasing=True))
    return (q * np.sign(np.diag(r))).T


def moments(patch, basis):
    norm = np.linalg.norm(patch)
    unit = patch / norm if norm > 0 else patch
    return basis @ (unit - unit.mean()) @ basis.T


def blurred(patch, kernel):
    n = len(patch)
    out = np.zeros_like(patch)
    for y in range(n):
        for x in range(n):
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    if 0 <= y + dy < n and 0 <= x + dx < n:
                        out[y, x] += kernel[dy + 1, dx + 1] * patch[y + dy, x + dx]
    return out


def score(gray, block):
    """`gray` holds whole numbers 0..255."""
    basis = polynomials(block)
    kernel = np.array([[math.exp(-(y * y + x * x) / 50) for x in (-1, 0, 1)] for y in (-1, 0, 1)])
    kernel /= kernel.sum()
    smooth, textured = [], []
    height, width = gray.shape
    for y in range(block // 2, block // 2 + (height // block - 1) * block, block):
        for x in range(block // 2, block // 2 + (width // block - 1) * block, block):
            patch = gray[y:y + block, x:x + block] / 255
            m = moments(patch, basis)
            if (m**2).sum() - m[0, 0] ** 2 > 0.004:
                b = moments(blurred(patch, kernel), basis)
                textured.append(1 - ((2 * m * b + 1e-5) / (m**2 + b**2 + 1e-5)).mean())
            else:
                rest = abs(m).sum() - abs(m[0, 0]) + 1e-5
                v, h = (min(0.05, abs(edge).sum() / rest) for edge in (m[-1], m[:, -1]))
                smooth.append(math.log(1 - (v + h) / 2) / math.log(0.95))
    mean = [sum(found) / len(found) if found else 1 for found in (smooth, textured)]
    return mean[0] ** 0.9 * mean[1] ** 0.1


def picture():
    """1×3×45×67 of whole numbers: nearly flat, busy, blocky, flat and black parts."""
    rgb = 100 + np.floor(2 + 2 * uniform("quality", 3 * 45 * 67)).reshape(3, 45, 67)
    rgb[:, :, 40:] = np.floor(127.5 + 127.4 * uniform("busy", 3 * 45 * 27)).reshape(3, 45, 27)
    rgb[:, 16:32, :24] += np.kron(np.arange(6).reshape(2, 3), np.ones((8, 8)))
    rgb[:, 32:, 24:40] = 77
    rgb[:, :14, :14] = 0
    rgb[2] -= abs(exact_luma(rgb) % 1 - 0.5) < 0.05  # no rounding that hangs on the last bit
    return rgb


def exact_luma(rgb):
    return 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]


def run(model):
    rgb = picture()
    luma = np.rint(exact_luma(rgb))
    return {"jpeg": torch.tensor([score(luma, 8)]), "hevc": torch.tensor([score(luma, 4)]), "gray": torch.tensor([score(rgb[0], 8)])}


CASES = {"rbqe_quality": Case(torch.nn.Identity(), run, (), {"picture": torch.from_numpy(picture()[None] / 255).float()})}
