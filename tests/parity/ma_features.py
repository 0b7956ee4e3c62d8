"""The features of Ma, Yang, Yang, Yang, "Learning a No-Reference Quality Metric for Single-Image Super-Resolution", CVIU 2017, in NumPy.

Written as their MATLAB code is described: the steerable pyramid reads its transitions out of tables, resizing is a matrix, SSIM's windows are
summed one by one.
"""
import math

import numpy as np

GRID = np.arange(30, 10001) / 1000
RATIOS = np.array([math.exp(math.lgamma(1 / g) + math.lgamma(3 / g) - 2 * math.lgamma(2 / g)) for g in GRID])


def shape(sample):
    x = np.ravel(sample)
    rho = x.var(ddof=1) / (np.abs(x - x.mean()).mean() ** 2 + 1e-7)
    for j in range(len(GRID) - 1):
        if RATIOS[j] >= rho > RATIOS[j + 1]:
            return GRID[j]
    return 11.0


def variation(x, epsilon):
    return np.abs(x).std(ddof=1) / (np.abs(x).mean() + epsilon)


def local(image):
    h, w = image.shape
    padded = np.zeros((-(-h // 3) * 3 + 4, -(-w // 3) * 3 + 4))
    padded[2:2 + h, 2:2 + w] = image
    k, n = np.mgrid[0:7, 0:7]
    d = np.cos(np.pi * (2 * n + 1) * k / 14) * np.where(k == 0, math.sqrt(1 / 7), math.sqrt(2 / 7))
    values = []
    for y in range(0, padded.shape[0] - 4, 3):
        for x in range(0, padded.shape[1] - 4, 3):
            c = d @ padded[y:y + 7, x:x + 7] @ d.T
            ac = c.ravel()[1:]
            first = np.concatenate((c[0, 1:], c[1, 2:], c[2, 4:], c[3, 5:]))
            second = np.concatenate((c[1, 1:2], c[2, 2:4], c[3, 2:5], c[4, 3:], c[5, 4:], c[6, 4:]))
            third = np.concatenate((c[1:, 0], c[2:, 1], c[4:, 2], c[5:, 3]))
            values.append((shape(ac), variation(ac, 1e-7), np.var([variation(part, 1e-8) for part in (first, second, third)], ddof=1)))
    shapes, variations, orientations = (np.sort(column) for column in np.array(values).T)
    count = len(shapes)
    last = int(count * 0.9) - 1
    return [shapes[:math.ceil(count * 0.1)].mean(), shapes.mean(), variations[last:].mean(), variations.mean(), orientations[last:].mean(), orientations.mean()]


def table(x, y, at):
    """Linear between the places of a table, and beyond its ends as at them."""
    return np.interp(at, x, y)


def pyramid(image):
    h, w = image.shape
    ys = (np.arange(1, h + 1) - math.ceil((h + 0.5) / 2)) / (h / 2)
    xs = (np.arange(1, w + 1) - math.ceil((w + 0.5) / 2)) / (w / 2)
    x, y = np.meshgrid(xs, ys)
    angle, radius = np.arctan2(y, x), np.hypot(x, y)
    cy, cx = math.ceil((h + 0.5) / 2) - 1, math.ceil((w + 0.5) / 2) - 1
    radius[cy, cx] = radius[cy, cx - 1]
    radius = np.log2(radius)
    steps = np.pi * np.arange(-257, 2) / 512
    rise = np.cos(steps) ** 2
    rise[0], rise[-1] = rise[1], rise[-2]
    at, high = -0.5 + 2 / np.pi * (steps + np.pi / 4), np.sqrt(rise)
    low = np.sqrt(1 - rise)
    inverse = lambda spectrum: np.fft.ifft2(np.fft.ifftshift(spectrum)).real
    spectrum = np.fft.fftshift(np.fft.fft2(image))
    top = inverse(spectrum * table(at, high, radius))
    rest = spectrum * table(at, low, radius)
    turns = np.pi * np.arange(-2049, 1026) / 1024
    wave = math.sqrt(2 ** 10 * math.factorial(5) ** 2 / (6 * math.factorial(10))) * np.cos(turns) ** 5
    bands = []
    for _ in range(2):
        at = at - 1
        bands.append([inverse((-1j) ** 5 * rest * table(turns + np.pi * b / 6, wave, angle) * table(at, high, radius)) for b in range(6)])
        cut = []
        for n in rest.shape:
            smaller = math.ceil((n - 0.5) / 2)
            start = math.ceil((n + 0.5) / 2) - math.ceil((smaller + 0.5) / 2)
            cut.append(slice(start, start + smaller))
        angle, radius, rest = (part[tuple(cut)] for part in (angle, radius, rest))
        rest = rest * table(at, low, radius)
    return top, bands


def resize_matrix(n, m):
    """MATLAB's imresize from n to m >= n places."""
    matrix = np.zeros((m, n))
    for row in range(m):
        u = (row + 1) * n / m + 0.5 * (1 - n / m)
        for place in range(math.floor(u - 2), math.floor(u - 2) + 6):
            a = abs(u - place)
            weight = 1.5 * a ** 3 - 2.5 * a ** 2 + 1 if a <= 1 else -0.5 * a ** 3 + 2.5 * a ** 2 - 4 * a + 2 if a <= 2 else 0
            mirrored = list(range(n)) + list(range(n - 1, -1, -1))
            matrix[row, mirrored[(place - 1) % (2 * n)]] += weight
    return matrix


def resized(image, h, w):
    return resize_matrix(image.shape[0], h) @ image @ resize_matrix(image.shape[1], w).T


def normalised(bands, scale, orientation):
    band = bands[scale][orientation]
    h, w = band.shape
    columns = [band[dy:h - 2 + dy, dx:w - 2 + dx] for dy in range(3) for dx in range(3)]
    if scale == 0 and orientation < 5:
        parent = bands[1][orientation]
        columns.append(resized(parent, parent.shape[0] * 2, parent.shape[1] * 2)[1:h - 1, 1:w - 1])
    count = len(columns)
    columns += [other[1:-1, 1:-1] for k, other in enumerate(bands[scale]) if k != orientation]
    y = np.stack([column.ravel() for column in columns], 1)
    c = y.T @ y / len(y)
    values, vectors = np.linalg.eigh(c)
    kept = values * (values > 0)
    c = vectors @ np.diag(kept * values.sum() / kept.sum()) @ vectors.T
    z = np.sqrt(((y @ np.linalg.pinv(c)) * y / count).sum(1)).reshape(h - 2, w - 2)
    own = band[1:-1, 1:-1]
    guard = 16 // 2 ** scale
    result = ((own - own.mean()) / z)[guard:-guard, guard:-guard]
    return result - result.mean()


def in_common(a, b):
    x = np.arange(-5, 6)
    window = np.exp(-(x[:, None] ** 2 + x ** 2) / 4.5)
    window /= window.sum()
    total = []
    for i in range(a.shape[0] - 10):
        for j in range(a.shape[1] - 10):
            p, q = a[i:i + 11, j:j + 11], b[i:i + 11, j:j + 11]
            mp, mq = (window * p).sum(), (window * q).sum()
            vp, vq, cov = (window * p * p).sum() - mp * mp, (window * q * q).sum() - mq * mq, (window * p * q).sum() - mp * mq
            total.append((2 * cov + 58.5225) / (vp + vq + 58.5225))
    return np.mean(total)


def spectral(image):
    top, bands = pyramid(image)
    flat = [[normalised(bands, scale, k) for k in range(6)] for scale in range(2)]
    features = [shape(band) for scale in flat for band in scale]
    features += [shape(np.concatenate((fine.ravel(), coarse.ravel()))) for fine, coarse in zip(*flat)]
    features += [in_common(resized(band, *image.shape), top) for scale in bands for band in scale]
    return features + [in_common(flat[0][i], flat[0][j]) for i in range(6) for j in range(i + 1, 6)]


def spread(image):
    h, w = image.shape
    padded = np.zeros((-(-h // 5) * 5, -(-w // 5) * 5))
    padded[:h, :w] = image
    blocks = [padded[y:y + 5, x:x + 5].ravel() for y in range(0, padded.shape[0], 5) for x in range(0, padded.shape[1], 5)]
    return np.linalg.svd(np.array(blocks).T, compute_uv=False)


def features(luma):
    """Whole numbers 0..255 to the three vectors."""
    window = np.exp(-np.array([1, 0, 1]) * 2.0)
    window /= window.sum()
    levels = [luma / 255]
    for _ in range(2):
        around = np.pad(levels[-1], 1)
        smooth = sum(window[i] * window[j] * around[i:i + levels[-1].shape[0], j:j + levels[-1].shape[1]] for i in range(3) for j in range(3))
        levels.append(smooth[1::2, 1::2])
    return [np.concatenate([local(image) for image in levels]), np.array(spectral(luma)), np.concatenate([spread(image) for image in levels])]
