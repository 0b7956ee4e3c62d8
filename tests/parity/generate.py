#!/usr/bin/env python3
"""Writes fixtures/: what independent references of our networks compute. `generate.py [prefix]` makes only the cases so named.

A file of networks/ is one network, written in torch.nn from its paper, and CASES: name -> Case. See README.md.
"""
import importlib
import json
import struct
import sys
from pathlib import Path

import torch

import formula

HERE = Path(__file__).resolve().parent
FIXTURES = HERE / "fixtures"


def main(prefix=""):
    FIXTURES.mkdir(exist_ok=True)
    for file in sorted((HERE / "networks").glob("*.py")):
        for name, case in importlib.import_module(f"networks.{file.stem}").CASES.items():
            if name.startswith(prefix):
                write(FIXTURES / f"{name}.safetensors", *compute(case))
                print(name)


def compute(case):
    model = formula.fill(case.model).double().eval()
    with torch.no_grad():
        output = case.run(model, *[tensor.double() for tensor in case.inputs])
    outputs = output if isinstance(output, dict) else {"output": output}
    state = [f"{name} {list(tensor.shape)}".replace(" ", "").replace("[", " [") for name, tensor in model.state_dict().items()]
    return {**{name: tensor.float() for name, tensor in outputs.items()}, **case.stored}, {"state": "\n".join(sorted(state))}


def write(path, tensors, metadata):
    """safetensors: the length of a JSON header, the header, the numbers."""
    types = {torch.float32: "F32", torch.int64: "I64"}
    header, data = {"__metadata__": metadata}, b""
    for name, tensor in tensors.items():
        raw = tensor.contiguous().numpy().tobytes()
        header[name] = {"dtype": types[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


if __name__ == "__main__":
    main(*sys.argv[1:])
