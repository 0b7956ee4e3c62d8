#!/usr/bin/env python3
"""Writes what PyTorch's own layers and optimisers compute (made with PyTorch 1.13) into the files beside this script."""
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

HERE = Path(__file__).parent
torch.manual_seed(7)
torch.set_default_dtype(torch.float64)


def save(name, value):
    # The legacy format does not pad every tensor.
    torch.save(value, HERE / name, _use_new_zipfile_serialization=False)


def trained(module):
    """Random numbers in every parameter and buffer, so that no default hides a mistake."""
    for name, value in module.state_dict().items():
        if value.is_floating_point():
            value.copy_(torch.rand(value.shape) + 0.5 if "var" in name else torch.randn(value.shape))
    return module


def case(function, *shape):
    x = torch.randn(shape)
    state = {}
    if isinstance(function, nn.Module):
        trained(function)
        state = {name: value.clone() for name, value in function.state_dict().items()}
    with torch.no_grad():
        y = function(x)
    after = {f"after.{name}": value for name, value in function.state_dict().items()} if state else {}
    return {"input": x, "output": y.clone(), "state": state, **after}


IMAGE = (2, 4, 5, 6)
layers = {
    "conv": case(nn.Conv2d(4, 6, 3, stride=2, padding=1, dilation=2, groups=2), *IMAGE),
    "conv_no_bias": case(nn.Conv2d(4, 3, 5, padding=2, bias=False), *IMAGE),
    "conv_transpose": case(nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2), *IMAGE),
    "linear": case(nn.Linear(6, 3), *IMAGE),
    "batch_norm_train": case(nn.BatchNorm2d(4, momentum=0.2, eps=1e-3), *IMAGE),
    "batch_norm_eval": case(nn.BatchNorm2d(4, eps=1e-3).eval(), *IMAGE),
    "relu": case(F.relu, *IMAGE),
    "leaky_relu": case(lambda x: F.leaky_relu(x, 0.2), *IMAGE),
    "prelu": case(nn.PReLU(4), *IMAGE),
    "gelu": case(F.gelu, *IMAGE),
    "softmax": case(lambda x: F.softmax(x, 1), *IMAGE),
    "pixel_shuffle": case(lambda x: F.pixel_shuffle(x, 2), *IMAGE),
    "pixel_unshuffle": case(lambda x: F.pixel_unshuffle(x, 2), 2, 2, 4, 6),
    "max_pool": case(lambda x: F.max_pool2d(x, 3, 2, 1), *IMAGE),
    "avg_pool": case(lambda x: F.avg_pool2d(x, 2, 1), *IMAGE),
    "adaptive_avg_pool": case(lambda x: F.adaptive_avg_pool2d(x, (2, 3)), *IMAGE),
    "nearest": case(lambda x: F.interpolate(x, (7, 4), mode="nearest"), *IMAGE),
    "bilinear": case(lambda x: F.interpolate(x, (7, 4), mode="bilinear"), *IMAGE),
    "bicubic_corners": case(lambda x: F.interpolate(x, (7, 4), mode="bicubic", align_corners=True), *IMAGE),
    "pad_reflect": case(lambda x: F.pad(x, (1, 2, 3, 4), mode="reflect"), *IMAGE),
    "pad_replicate": case(lambda x: F.pad(x, (1, 2, 3, 4), mode="replicate"), *IMAGE),
    "pad_zero": case(lambda x: F.pad(x, (1, 2, 3, 4)), *IMAGE),
    "sequential": case(nn.Sequential(nn.Conv2d(4, 2, 1), nn.ReLU(), nn.Conv2d(2, 4, 1)), *IMAGE),
}
save("layers.pth", layers)


def trajectory(make, steps=6):
    """Parameters after each step along fixed gradients; the learning rate halves after the third."""
    parameters = {"a": nn.Parameter(torch.randn(2, 3)), "b": nn.Parameter(torch.randn(4))}
    optimiser = make(parameters.values())
    result = {f"start.{name}": p.detach().clone() for name, p in parameters.items()}
    for step in range(steps):
        if step == 3:
            optimiser.param_groups[0]["lr"] /= 2
        for name, p in parameters.items():
            p.grad = torch.randn(p.shape)
            result[f"grad{step}.{name}"] = p.grad.clone()
        optimiser.step()
        for name, p in parameters.items():
            result[f"after{step}.{name}"] = p.detach().clone()
    return result


save("optimisers.pth", {
    "adam": trajectory(lambda p: torch.optim.Adam(p, lr=0.1)),
    "adam_decay": trajectory(lambda p: torch.optim.Adam(p, lr=0.02, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.3)),
    "adamw": trajectory(lambda p: torch.optim.AdamW(p, lr=0.1, weight_decay=0.3)),
    "sgd": trajectory(lambda p: torch.optim.SGD(p, lr=0.1)),
    "sgd_momentum": trajectory(lambda p: torch.optim.SGD(p, lr=0.1, momentum=0.9, weight_decay=0.05)),
})
