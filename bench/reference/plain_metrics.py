"""PSNR, SSIM, MS-SSIM, NIQE and BRISQUE as one writes them in python3-torch, double precision, whole pictures at a time: the way pyiqa does."""
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

GRID = torch.arange(200, 10001, dtype=torch.float64) / 1000
GAMMA = {k: torch.lgamma(k / GRID) for k in (1, 2, 3)}
RATIO = (2 * GAMMA[2] - GAMMA[1] - GAMMA[3]).exp()


def gaussian(side, sigma):
    x = torch.arange(side, dtype=torch.float64) - side // 2
    line = torch.exp(-x ** 2 / (2 * sigma ** 2))
    window = torch.outer(line, line)
    return (window / window.sum())[None, None]


SSIM_WINDOW, MSCN_WINDOW = gaussian(11, 1.5), gaussian(7, 7 / 6)


def gray(x):
    """[3, H, W], 0..255, to MATLAB's rgb2gray in whole numbers, [1, 1, H, W]."""
    return torch.floor(0.298936 * x[0] + 0.587043 * x[1] + 0.114021 * x[2] + 0.5)[None, None]


def psnr(a, b):
    error = ((a - b) ** 2).mean()
    return 10 * torch.log10(255 ** 2 / error)


def ssim_maps(a, b):
    """[C, 1, H, W] twice: SSIM and its contrast-structure factor."""
    mean = lambda x: F.conv2d(x, SSIM_WINDOW)
    ma, mb = mean(a), mean(b)
    va, vb, cov = mean(a * a) - ma ** 2, mean(b * b) - mb ** 2, mean(a * b) - ma * mb
    cs = (2 * cov + 58.5225) / (va + vb + 58.5225)
    return (2 * ma * mb + 6.5025) / (ma ** 2 + mb ** 2 + 6.5025) * cs, cs


def ssim(a, b):
    return ssim_maps(a[:, None], b[:, None])[0].mean()


def ms_ssim(a, b):
    a, b, product = gray(a), gray(b), 1
    for scale, weight in enumerate((0.0448, 0.2856, 0.3001, 0.2363, 0.1333)):
        if scale:
            odd = (0, a.shape[3] % 2, 0, a.shape[2] % 2)
            a, b = (F.avg_pool2d(F.pad(x, odd, mode="replicate"), 2) for x in (a, b))
        whole, cs = ssim_maps(a, b)
        product = product * (whole if scale == 4 else cs).mean().clamp(min=0) ** weight
    return product


def mscn(x, mode):
    mean = lambda y: F.conv2d(F.pad(y, (3, 3, 3, 3), mode=mode), MSCN_WINDOW)
    mu = mean(x)
    difference = x - mu
    difference[difference.abs() < 1e-9] = 0
    return difference / ((mean(x * x) - mu * mu).abs().sqrt() + 1)


def half(x):
    taps = torch.tensor([-3, -9, 29, 111, 111, 29, -9, -3], dtype=torch.float64) / 256
    for dimension in (2, 3):
        x = x.transpose(dimension, 3)
        n = x.shape[3]
        places = torch.arange(-3, n + 4 + n % 2)
        places = torch.where(places < 0, -1 - places, torch.where(places >= n, 2 * n - 1 - places, places))
        padded = x[..., places]
        x = F.conv2d(padded, taps.view(1, 1, 1, 8), stride=(1, 2)).transpose(dimension, 3)
    return x


def asymmetric(x):
    """[B, N] to the place on the grid and both deviations."""
    below, above = x < 0, x > 0
    left = ((x * below) ** 2).sum(1).div(below.sum(1)).sqrt()
    right = ((x * above) ** 2).sum(1).div(above.sum(1)).sqrt()
    g = left / right
    r = x.abs().mean(1) ** 2 / (x ** 2).mean(1)
    balanced = r * (g ** 3 + 1) * (g + 1) / (g ** 2 + 1) ** 2
    return (balanced[:, None] - RATIO).abs().argmin(1), left, right


def niqe_features(blocks):
    """[B, S, S] to [B, 18]."""
    scale = lambda place: ((GAMMA[1] - GAMMA[3]) / 2).exp()[place]
    place, left, right = asymmetric(blocks.flatten(1))
    found = [GRID[place], (left + right) / 2 * scale(place)]
    for shift in ((0, 1), (1, 0), (1, 1), (1, -1)):
        place, left, right = asymmetric((blocks * blocks.roll(shift, (1, 2))).flatten(1))
        left, right = left * scale(place), right * scale(place)
        found += [GRID[place], (right - left) * (GAMMA[2] - GAMMA[1]).exp()[place], left, right]
    return torch.stack(found, 1)


class Niqe:
    def __init__(self, models):
        stored = np.load(pathlib.Path(models) / "niqe_pris_params.npz")
        self.mean, self.covariance = (torch.from_numpy(stored[name]) for name in ("mu_pris_param", "cov_pris_param"))

    def __call__(self, x):
        x = gray(x)
        rows, columns = x.shape[2] // 96, x.shape[3] // 96
        x, parts = x[:, :, :rows * 96, :columns * 96], []
        for side in (96, 48):
            blocks = mscn(x, "replicate")[0, 0].reshape(rows, side, columns, side).transpose(1, 2).reshape(-1, side, side)
            parts.append(niqe_features(blocks))
            x = half(x) if side == 96 else x
        features = torch.cat(parts, 1)
        whole = features[~features.isnan().any(1)]
        d = self.mean - features.nanmean(0)
        return (d @ torch.linalg.pinv((self.covariance + whole.T.cov()) / 2) @ d.T).sqrt()[0, 0]


class Brisque:
    def __init__(self, models):
        lines = (pathlib.Path(models) / "brisque-allmodel").read_text().split("SV\n", 1)
        self.rho = float(next(line.split()[1] for line in lines[0].splitlines() if line.startswith("rho")))
        rows = [line.split() for line in lines[1].splitlines() if line.strip()]
        self.coefficients = torch.tensor([float(row[0]) for row in rows], dtype=torch.float64)
        self.vectors = torch.zeros(len(rows), 36, dtype=torch.float64)
        for k, row in enumerate(rows):
            for word in row[1:]:
                place, value = word.split(":")
                self.vectors[k, int(place) - 1] = float(value)
        ranges = [line.split() for line in (pathlib.Path(models) / "brisque-allrange").read_text().splitlines()[2:] if line.strip()]
        self.low, self.high = (torch.tensor([float(row[k]) for row in ranges], dtype=torch.float64) for k in (1, 2))

    def __call__(self, x):
        x, found = gray(x), []
        for scale in (1, 2):
            y = mscn(x, "constant")[0, 0]
            ratio = (y ** 2).mean() / y.abs().mean() ** 2
            found += [GRID[(1 / RATIO - ratio).abs().argmin()], (y ** 2).mean()]
            for shift in ((0, 1), (1, 0), (1, 1), (-1, 1)):
                place, left, right = asymmetric((y * y.roll(shift, (0, 1))).reshape(1, -1))
                factor = ((GAMMA[2] - GAMMA[1]) + (GAMMA[1] - GAMMA[3]) / 2).exp()[place]
                found += [GRID[place][0], ((right - left) * factor)[0], left[0] ** 2, right[0] ** 2]
            x = half(x) if scale == 1 else x
        f = -1 + 2 * (torch.stack(found) - self.low) / (self.high - self.low)
        return (self.coefficients * torch.exp(-0.05 * ((f - self.vectors) ** 2).sum(1))).sum() - self.rho
