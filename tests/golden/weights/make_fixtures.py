#!/usr/bin/env python3
"""Writes the torch.save fixtures beside this script (made with PyTorch 1.13; the tests know the values by formula)."""
import os
from collections import OrderedDict
from pathlib import Path

import torch

HERE = Path(__file__).parent
DTYPES = {
    "u8": torch.uint8, "i8": torch.int8, "i16": torch.int16, "i32": torch.int32, "i64": torch.int64,
    "f16": torch.float16, "f32": torch.float32, "f64": torch.float64, "bf16": torch.bfloat16,
}


class Evil:
    def __reduce__(self):
        return os.system, ("touch /tmp/unpress-pickle-was-run",)


def ramp(*shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape)


def tensors():
    base = ramp(10)
    result = OrderedDict((name, ramp(2, 3).to(dtype)) for name, dtype in DTYPES.items())
    result["bool"] = ramp(2, 3) % 2 == 1
    result["transposed"] = ramp(2, 3).t()
    result["channels_last"] = ramp(1, 2, 3, 4).contiguous(memory_format=torch.channels_last)
    result["view_a"] = base[2:5]
    result["view_b"] = base[1::3]
    result["expanded"] = torch.tensor([7.0]).expand(2, 2)
    result["scalar"] = torch.tensor(3.5)
    result["empty"] = torch.zeros(0, 3)
    result["parameter"] = torch.nn.Parameter(ramp(2))
    return result


def checkpoint():
    network = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
    for value in network.state_dict().values():
        value.copy_(ramp(*value.shape))
    wrapped = OrderedDict(("module." + name, value + 1) for name, value in network.state_dict().items())
    return {
        "epoch": 7, "big": 1 << 40, "negative": -3, "lr": 1e-4, "note": "größer", "amsgrad": False, "nothing": None,
        "betas": (0.9, 0.999), "milestones": [10, 300], "size": torch.Size([2, 3]),
        "params": network.state_dict(), "params_ema": wrapped,
    }


class Scripted(torch.nn.Module):
    """A parameter of its own, modules in modules, a list with a type, a device: what archives of torch.jit have beside tensors."""

    def __init__(self):
        super().__init__()
        self.scale = torch.nn.Parameter(torch.zeros(3))
        self.visual = torch.nn.Sequential(torch.nn.Conv2d(1, 2, 3), torch.nn.BatchNorm2d(2))
        self.sizes: list[int] = [1, 2]
        self.names: dict[str, int] = {"one": 1}
        self.place = torch.device("cpu")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.visual(x) * self.scale[0] + len(self.sizes) + len(self.names)


def script():
    module = Scripted().half()
    with torch.no_grad():
        for value in module.state_dict().values():
            value.copy_(ramp(*value.shape))
    return torch.jit.script(module)


def save(name, value, zip_format=True):
    torch.save(value, HERE / name, _use_new_zipfile_serialization=zip_format)


for kind, is_zip in (("zip", True), ("legacy", False)):
    save(f"tensors_{kind}.pth", tensors(), is_zip)
    save(f"checkpoint_{kind}.pth", checkpoint(), is_zip)
    save(f"evil_{kind}.pth", {"weight": ramp(2), "extra": Evil()}, is_zip)
save("module_zip.pth", torch.nn.Conv2d(1, 1, 1))
torch.jit.save(script(), str(HERE / "script.pth"))
