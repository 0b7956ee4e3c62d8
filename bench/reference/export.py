"""The twin as an ONNX file of a fixed picture size, which lets ONNX Runtime plan best: WEIGHTS HEIGHT WIDTH ONNX."""
import sys

import torch

import twin

weights, height, width, target = sys.argv[1:]
torch.onnx.export(twin.load(weights), torch.zeros(1, 3, int(height), int(width)), target,
                  opset_version=13, input_names=["x"], output_names=["y"])
