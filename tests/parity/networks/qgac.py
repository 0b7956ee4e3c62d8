"""QGAC: Ehrlich et al., "Quantization Guided JPEG Artifact Correction", ECCV 2020, on 4:2:0. Names of the authors' m3l package."""
import torch
import torch.nn.functional as F
from torch import nn

from blocks import coefficients, dct, idct, table, tiled
from case import Case


class Manifold(nn.Module):
    def __init__(self, inside, outside, width, up=False):
        super().__init__()
        self.inside, self.outside, self.up = inside, outside, up
        self.manifold = nn.Sequential(nn.Conv2d(1, width, 8), nn.PReLU(), nn.Conv2d(width, width, 1), nn.PReLU())
        self.weight_transform = nn.ConvTranspose2d(width, inside * outside, 8)
        self.bias_transfrom = nn.Conv2d(width, outside, 1)
        self.post_activation = nn.PReLU()

    def forward(self, steps, x):
        place = self.manifold(steps)
        filters, biases = self.weight_transform(place), self.bias_transfrom(place)[:, :, 0, 0]
        pictures = []
        for k in range(len(x)):  # each picture with its own filters
            if self.up:
                pictures.append(F.conv_transpose2d(x[k : k + 1], filters[k].reshape(self.inside, self.outside, 8, 8), biases[k], 8))
            else:
                pictures.append(F.conv2d(x[k : k + 1], filters[k].reshape(self.outside, self.inside, 8, 8), biases[k], 8))
        return self.post_activation(torch.cat(pictures))


class PerFrequency(nn.Module):
    def __init__(self, inside, outside):
        super().__init__()
        self.filter = nn.Conv2d(64 * inside, 64 * outside, 3, padding=1, groups=64)

    def forward(self, x):
        return self.filter(x)


class Dense(nn.Module):
    def __init__(self, width, conv):
        super().__init__()
        for k in range(1, 6):
            setattr(self, f"conv{k}", conv(k * width, width))
            setattr(self, f"relu{k}", nn.PReLU())

    def forward(self, x):
        seen = [x]
        for k in range(1, 6):
            seen.append(getattr(self, f"relu{k}")(getattr(self, f"conv{k}")(torch.cat(seen, 1))))
        return x + 0.2 * seen[-1]


class Rrdb(nn.Module):
    def __init__(self, width, conv=lambda i, o: nn.Conv2d(i, o, 3, padding=1)):
        super().__init__()
        self.block1, self.block2, self.block3 = (Dense(width, conv) for _ in range(3))

    def forward(self, x):
        return x + 0.2 * self.block3(self.block2(self.block1(x)))


class BlockNet(nn.Module):
    def __init__(self, inside, outside, features, width):
        super().__init__()
        self.block = Manifold(inside, features, width)
        self.block_enhancer = nn.Sequential(Rrdb(features))
        self.unblock = Manifold(features, outside, width, up=True)

    def forward(self, steps, x):
        return self.unblock(steps, self.block_enhancer(self.block(steps, x)))


class Gather(nn.Module):
    """All planes of the first frequency, then all of the second, ..."""

    def forward(self, x):
        n, c, h, w = x.shape
        return x.reshape(n, c, h // 8, 8, w // 8, 8).permute(0, 3, 5, 1, 2, 4).reshape(n, 64 * c, h // 8, w // 8)


class Scatter(nn.Module):
    def forward(self, x):
        n, c, h, w = x.shape
        return x.reshape(n, 8, 8, c // 64, h, w).permute(0, 3, 4, 1, 5, 2).reshape(n, c // 64, 8 * h, 8 * w)


class Frequencies(nn.Module):
    def __init__(self, *layers):
        super().__init__()
        self.net = nn.Sequential(Gather(), *layers, Scatter())

    def forward(self, x):
        return self.net(x)


class Colour(nn.Module):
    def __init__(self, chroma, width):
        super().__init__()
        self.block_c = Manifold(1, chroma, width)
        self.block_enhancer = nn.Sequential(Rrdb(chroma))
        self.block_doubler = nn.Sequential(nn.ConvTranspose2d(chroma, chroma, 4, 2, 1), nn.PReLU())
        self.block_y = Manifold(1, chroma, width)
        self.block_enhancer2 = nn.Sequential(Rrdb(2 * chroma))
        self.unblock = Manifold(2 * chroma, 1, width, up=True)

    def forward(self, steps_y, steps_c, y, c):
        doubled = self.block_doubler(self.block_enhancer(self.block_c(steps_c, c)))
        return self.unblock(steps_c, self.block_enhancer2(torch.cat((doubled, self.block_y(steps_y, y)), 1)))


class Statistics(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.zeros(3, 1, 8, 8))
        self.register_buffer("std", torch.ones(3, 1, 8, 8))


class Qgac(nn.Module):
    def __init__(self, features, planes, frequency, chroma, width):
        super().__init__()
        grouped = lambda i, o: PerFrequency(i // 64, o // 64)
        self.blocks_encode = BlockNet(1, planes, features, width)
        self.frequencynet = Frequencies(
            PerFrequency(planes, frequency), nn.PReLU(), Rrdb(64 * frequency, grouped), PerFrequency(frequency, planes), nn.PReLU())
        self.blocks_decode = BlockNet(planes, planes, features, width)
        self.fusion = Frequencies(
            PerFrequency(3 * planes, frequency), nn.PReLU(), PerFrequency(frequency, frequency), nn.PReLU(), PerFrequency(frequency, 1))
        self.color_net = Colour(chroma, width)
        self.stats = Statistics()

    def forward(self, y, cb, cr, table_y, table_c):
        steps_y, steps_c = table_y / 255, table_c / 255
        y = y * tiled(table_y, y)  # statistics of mean 0 and spread 1 here
        encoded = self.blocks_encode(steps_y, y)
        frequencies = self.frequencynet(encoded)
        decoded = self.blocks_decode(steps_y, frequencies)
        y = y + self.fusion(torch.cat((decoded, frequencies, encoded), 1))
        samples = [idct(y)]
        for c in (cb, cr):
            c = c * tiled(table_c, c)
            full = idct(c).repeat_interleave(2, 2).repeat_interleave(2, 3)
            samples.append(full + idct(self.color_net(steps_y, steps_c, y, c)))
        luma, cb, cr = samples[0] + 128, samples[1], samples[2]
        red, blue = luma + 1.402 * cr, luma + 1.772 * cb
        return torch.cat((red, (luma - 0.299 * red - 0.114 * blue) / 0.587, blue), 1) / 255


CASES = {
    "qgac": Case(Qgac(3, 2, 1, 2, 3), lambda model, *inputs: model(*inputs), (
        coefficients("y", 2, 1, 16, 32), coefficients("cb", 2, 1, 8, 16), coefficients("cr", 2, 1, 8, 16),
        table("table_y", 2, 1, 8, 8), table("table_c", 2, 1, 8, 8))),
}
