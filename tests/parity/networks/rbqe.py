"""RBQE: Xing et al., "Early Exit or Not: Resource-Efficient Blind Quality Enhancement for Compressed Images", ECCV 2020, in PowerQE's form."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


class Attention(nn.Module):
    """ECA: Wang et al., CVPR 2020."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(1, 1, 3, padding=1, bias=False)

    def forward(self, x):
        return x * torch.sigmoid(self.conv(x.mean((2, 3))[:, None]))[:, 0, :, None, None]


def conv(a, b, stride=1):
    return nn.Conv2d(a, b, 3, stride=stride, padding=1)


class Layers(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.Sequential(*layers)


class Up(Layers):
    def __init__(self, width, earlier, gate):
        super().__init__(*gate(), conv(width * (earlier + 1), width), nn.ReLU(), *gate(), conv(width, width))
        self.up = nn.ConvTranspose2d(width, width, 3, stride=2, padding=1)

    def forward(self, below, earlier):
        up = self.up(below)
        rows, columns = (earlier[0].shape[k] - up.shape[k] for k in (2, 3))  # 0 or 1
        return self.layers(torch.cat((F.pad(up, (0, columns, 0, rows)), *earlier), 1))


class Rbqe(nn.Module):
    """All exits; `one` leaves only the last."""

    def __init__(self, channels, width, depth, attention, one=False):
        super().__init__()
        def gate():
            return [Attention()] if attention else []

        self.depth, self.one = depth, one
        self.in_conv_seq = nn.Sequential(conv(channels, width), nn.ReLU(), conv(width, width))
        for u in range(depth):
            setattr(self, f"down_{u}", Layers(*gate(), conv(width, width), conv(width, width, 2), *gate(), conv(width, width)))
            for k in range(u + 1):
                setattr(self, f"up_{u}_{k}", Up(width, k + 1, gate))
        outs = 1 if one else depth
        self.out_layers = nn.ModuleList(
            nn.Sequential(*gate(), conv(width, channels)) if attention else conv(width, channels) for _ in range(outs))

    def forward(self, x):
        node = {(0, 0): self.in_conv_seq(x)}
        outputs = {}
        for u in range(self.depth):
            node[u + 1, 0] = getattr(self, f"down_{u}").layers(node[u, 0])
            for k in range(u + 1):
                level, j = u - k, k + 1
                node[level, j] = getattr(self, f"up_{u}_{k}")(node[level + 1, j - 1], [node[level, i] for i in range(j)])
            if not self.one:
                outputs[f"exit{u}"] = x + self.out_layers[u](node[0, u + 1])
        return outputs or {"exit0": x + self.out_layers[0](node[0, self.depth])}


def run(model, x):
    return model(x)


CASES = {
    "rbqe": Case(Rbqe(3, 4, 3, False), run, (picture("input", 1, 3, 11, 14),)),
    "rbqe_attention": Case(Rbqe(1, 4, 2, True), run, (picture("input", 2, 1, 8, 9),)),
    "rbqe_one": Case(Rbqe(3, 4, 2, False, one=True), run, (picture("input", 1, 3, 8, 9),)),
}
