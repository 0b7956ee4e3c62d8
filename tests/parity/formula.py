"""Numbers from a formula, so that a fixture needs no weights: Formula.cs of the tests computes the same bits.

A number is a hash (splitmix64) of its tensor's name (FNV-1a, 64 bit) and of its place in row-major order.
"""
import math

import numpy as np
import torch

# Buffers that a reference must not keep at their defaults; other buffers (masks, indices, counts) stay as the module made them.
FILLED_BUFFERS = ("running_mean", "running_var", "weight_u", "weight_v")


def uniform(name, count):
    """`count` float64 numbers in [-1, 1)."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    with np.errstate(over="ignore"):
        z = np.uint64(seed) + np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-52 - 1


def picture(name, *shape):
    """A tensor of float32 numbers in [0, 1]."""
    return torch.from_numpy((0.5 * uniform(name, math.prod(shape)) + 0.5).astype(np.float32)).reshape(shape)


def weights(name, shape):
    """He's spread for what multiplies, around 1 for scales and variances, small for biases and means."""
    numbers = uniform(name, math.prod(shape))
    last = name.rsplit(".", 1)[-1]
    if len(shape) > 1:
        numbers = numbers * math.sqrt(6 / math.prod(shape[1:]))
    elif last in ("weight", "running_var"):
        numbers = 1 + 0.5 * numbers
    else:
        numbers = 0.1 * numbers
    return torch.from_numpy(numbers.astype(np.float32)).reshape(shape)


def fill(module):
    """Gives every parameter and the buffers above their numbers, in place."""
    with torch.no_grad():
        for name, tensor in module.named_parameters():
            tensor.copy_(weights(name, tuple(tensor.shape)))
        for name, tensor in module.named_buffers():
            if name.rsplit(".", 1)[-1] in FILLED_BUFFERS:
                tensor.copy_(weights(name, tuple(tensor.shape)))
    return module
