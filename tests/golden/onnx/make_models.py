#!/usr/bin/env python3
"""Writes the tiny ONNX models beside this file: detectors and a segmenter without training, which see red and blue.

Needs python3-onnx. A picture of 16x16 is looked at in four squares of 8x8. The mean red of a square, 0..1, is the score of class 0, its mean
blue that of class 1; the box of a square is the square, one pixel smaller on each side. Input "image" 1x3x16x16, RGB, 0..1.
"""
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

HERE = Path(__file__).parent
SIDE, CELL = 16, 8


def constant(name, values, kind=np.float32):
    return numpy_helper.from_array(np.asarray(values, kind), name)


def save(name, nodes, constants, outputs, size=(SIDE, SIDE)):
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, *size])
    outputs = [helper.make_tensor_value_info(output, TensorProto.FLOAT, shape) for output, shape in outputs]
    graph = helper.make_graph(nodes, name, [image], outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 11)], producer_name="make_models.py")
    model.ir_version = 6
    onnx.checker.check_model(model)
    onnx.save(model, HERE / f"{name}.onnx")


def cells(boxes, rows):
    """Nodes that make "cells", 1 x rows x 4: boxes (rows of four numbers a square), then the scores; unused rows in between are 1."""
    weight = np.zeros((rows, 3, CELL, CELL))
    weight[rows - 2, 0] = weight[rows - 1, 2] = 1 / CELL**2
    bias = np.zeros((1, rows, 4))
    bias[0, :4] = boxes
    bias[0, 4:rows - 2] = 1
    return (
        [
            helper.make_node("Conv", ["image", "weight"], ["squares"], kernel_shape=[CELL, CELL], strides=[CELL, CELL]),
            helper.make_node("Reshape", ["squares", "shape"], ["scores_only"]),
            helper.make_node("Add", ["scores_only", "bias"], ["cells"]),
        ],
        [constant("weight", weight), constant("shape", [1, rows, 4], np.int64), constant("bias", bias)],
    )


left, top = np.array([0, 8, 0, 8]), np.array([0, 0, 8, 8])
centred = [left + 4, top + 4, np.full(4, 6), np.full(4, 6)]
corners = [left + 1, top + 1, left + 7, top + 7]

nodes, constants = cells(centred, 6)
save("yolov8", nodes, constants, [("cells", [1, 6, 4])])

nodes, constants = cells(centred, 7)
nodes.append(helper.make_node("Transpose", ["cells"], ["rows"], perm=[0, 2, 1]))
save("yolov5", nodes, constants, [("rows", [1, 4, 7])])

# Scores of class 1 only (the last row); the class is 1 everywhere.
nodes, constants = cells(corners, 6)
nodes += [
    helper.make_node("Transpose", ["cells"], ["turned"], perm=[0, 2, 1]),
    helper.make_node("Slice", ["turned", "zero", "four", "axis"], ["edges"]),
    helper.make_node("Slice", ["turned", "five", "six", "axis"], ["blue"]),
    helper.make_node("Mul", ["blue", "nothing"], ["black"]),
    helper.make_node("Add", ["black", "one"], ["class"]),
]
constants += [constant("zero", [0], np.int64), constant("four", [4], np.int64), constant("five", [5], np.int64), constant("six", [6], np.int64),
              constant("axis", [2], np.int64), constant("nothing", [0]), constant("one", [1])]
save("rows", nodes + [helper.make_node("Concat", ["edges", "blue", "class"], ["found"], axis=2)], constants, [("found", [1, 4, 6])])
save("boxes", nodes, constants, [("edges", [1, 4, 4]), ("blue", [1, 4, 1]), ("class", [1, 4, 1])])

# Logits of three classes at half the size: class 0 is 0.3 everywhere, class 1 red, class 2 blue.
weight = np.zeros((3, 3, 2, 2))
weight[1, 0] = weight[2, 2] = 0.25
save("segmenter", [helper.make_node("Conv", ["image", "weight", "bias"], ["logits"], kernel_shape=[2, 2], strides=[2, 2])],
     [constant("weight", weight), constant("bias", [0.3, 0, 0])], [("logits", [1, 3, SIDE // 2, SIDE // 2])])
# The same for pictures of any size.
save("segmenter-any", [helper.make_node("Conv", ["image", "weight", "bias"], ["logits"], kernel_shape=[2, 2], strides=[2, 2])],
     [constant("weight", weight), constant("bias", [0.3, 0, 0])], [("logits", [1, 3, "h", "w"])], size=("height", "width"))
