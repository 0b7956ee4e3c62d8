#!/usr/bin/env python3
"""Writes metric_numbers.json: what independent NumPy computations give for Bjontegaard deltas, FID and KID, with their inputs, and for the features of
Ma's metric, of a picture that a formula gives."""
import json
from pathlib import Path

import numpy as np

import ma_features
from formula import uniform


def integral(x, y, slopes, low, high):
    """Of a piecewise cubic Hermite curve, by Gauss's rule with four nodes a piece (exact up to degree seven)."""
    nodes, weights = np.polynomial.legendre.leggauss(4)
    total = 0.0
    for k in range(len(x) - 1):
        left, right = max(low, x[k]), min(high, x[k + 1])
        if right <= left:
            continue
        h = x[k + 1] - x[k]
        s = ((left + right) / 2 + (right - left) / 2 * nodes - x[k]) / h
        curve = ((1 + 2 * s) * (1 - s) ** 2 * y[k] + s * (1 - s) ** 2 * h * slopes[k]
                 + s * s * (3 - 2 * s) * y[k + 1] + s * s * (s - 1) * h * slopes[k + 1])
        total += (right - left) / 2 * np.dot(weights, curve)
    return total


def pchip(x, y):
    h, d = np.diff(x), np.diff(y) / np.diff(x)
    m = np.zeros_like(x)
    for k in range(1, len(x) - 1):
        if d[k - 1] * d[k] > 0:
            a = (h[k - 1] + 2 * h[k]) / (3 * (h[k - 1] + h[k]))
            m[k] = d[k - 1] * d[k] / (a * d[k] + (1 - a) * d[k - 1])
    for end, h0, h1, d0, d1 in ((0, h[0], h[1], d[0], d[1]), (-1, h[-1], h[-2], d[-1], d[-2])):
        m[end] = ((2 * h0 + h1) * d0 - h0 * d1) / (h0 + h1)
        if np.sign(m[end]) != np.sign(d0):
            m[end] = 0
        elif np.sign(d0) != np.sign(d1) and abs(m[end]) > abs(3 * d0):
            m[end] = 3 * d0
    return m


def akima(x, y):
    d = np.diff(y) / np.diff(x)
    d = np.concatenate(([3 * d[0] - 2 * d[1], 2 * d[0] - d[1]], d, [2 * d[-1] - d[-2], 3 * d[-1] - 2 * d[-2]]))
    bend = np.abs(np.diff(d))
    return np.array([(bend[k + 2] * d[k + 1] + bend[k] * d[k + 2]) / (bend[k + 2] + bend[k]) for k in range(len(x))])


def delta(anchor, test, kind):
    """Mean of test minus anchor over what both cover; each curve (x, y)."""
    low, high = max(anchor[0][0], test[0][0]), min(anchor[0][-1], test[0][-1])
    areas = []
    for x, y in (anchor, test):
        if kind == "cubic":
            centre = np.mean(x)
            p = np.polyint(np.polyfit(x - centre, y, 3))
            areas.append(np.polyval(p, high - centre) - np.polyval(p, low - centre))
        else:
            areas.append(integral(x, y, {"pchip": pchip, "akima": akima}[kind](x, y), low, high))
    return (areas[1] - areas[0]) / (high - low)


def curves(random, points):
    rate = np.cumsum(random.uniform(200, 900, points)).round(2)
    return rate, (28 + np.cumsum(random.uniform(0.4, 2.5, points))).round(3)


def bjontegaard(random):
    for points in (4, 5, 7):
        (ra, qa), (rb, qb) = curves(random, points), curves(random, points)
        result = {}
        for kind in ("cubic", "pchip", "akima"):
            rate = (np.exp(delta((qa, np.log(ra)), (qb, np.log(rb)), kind)) - 1) * 100
            result[kind] = [rate, delta((np.log(ra), qa), (np.log(rb), qb), kind)]
        yield {"anchor": np.stack((ra, qa), 1).tolist(), "test": np.stack((rb, qb), 1).tolist(), "deltas": result}


def frechet(x, y):
    """pytorch-fid's formula; the trace of the root of a product is the sum of the roots of its eigenvalues."""
    a, b = np.cov(x, rowvar=False), np.cov(y, rowvar=False)
    roots = np.sqrt(np.linalg.eigvals(a @ b).astype(complex)).real
    return float(np.sum((x.mean(0) - y.mean(0)) ** 2) + np.trace(a) + np.trace(b) - 2 * roots.sum())


def kernel(x, y):
    d = x.shape[1]
    k = lambda u, v: (u @ v / d + 1) ** 3
    within = lambda z: np.mean([k(z[i], z[j]) for i in range(len(z)) for j in range(len(z)) if i != j])
    return float(within(x) + within(y) - 2 * np.mean([[k(u, v) for v in y] for u in x]))


def sets(random):
    for n, m, d in ((40, 30, 6), (5, 4, 8)):
        mix = random.normal(size=(d, d))
        x = random.normal(size=(n, d)).astype(np.float32)
        y = (random.normal(size=(m, d)) @ mix * 0.7 + 0.5).astype(np.float32)
        wide = x.astype(np.float64), y.astype(np.float64)
        yield {"a": x.tolist(), "b": y.tolist(), "fid": frechet(*wide), "kid": kernel(*wide)}


def ma():
    """A texture of 90×97 with noise; the test makes the same."""
    y, x = np.mgrid[0:90, 0:97].astype(float)
    noise = uniform("ma", 90 * 97).reshape(90, 97)
    luma = np.floor(120 + 50 * np.sin(x / 5 + y / 11) + 35 * np.cos(y / 3 - x / 17) + 30 * noise + 0.5)
    return [part.tolist() for part in ma_features.features(luma)]


if __name__ == "__main__":
    generator = np.random.default_rng(5)
    numbers = {"bjontegaard": list(bjontegaard(generator)), "sets": list(sets(generator)), "ma": ma()}
    Path(__file__).with_suffix(".json").write_text(json.dumps(numbers) + "\n")
