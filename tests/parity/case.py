"""What a module in networks/ yields: one reference, and how it is run."""
from collections.abc import Callable
from dataclasses import dataclass, field

import torch


@dataclass
class Case:
    """`run(model, *inputs)` gives the output, a tensor or a dictionary of tensors; `inputs` are made by formula.picture.

    Everything runs in float64 and in evaluation mode unless `run` says otherwise. `stored` are inputs that no formula gives.
    """

    model: torch.nn.Module
    run: Callable
    inputs: tuple = ()
    stored: dict = field(default_factory=dict)
