"""AHIQ: Lao et al., CVPR Workshops 2022, with pyiqa's crops, narrow; deformable convolution by its four neighbours, one tap after the other."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture
from imagenet import normalised
from networks.resnet50 import Bottleneck

CROP, PATCH, WIDTH, HEADS, BLOCKS, COMPARED, STEM = 32, 8, 6, 2, 2, 4, 4


class ResNet(nn.Module):
    """The first stage is looked at; the others are there since the files have them."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, STEM, 7, 2, 3, bias=False), nn.BatchNorm2d(STEM)
        channels = STEM
        for stage, count in enumerate((3, 1, 1, 1)):
            layer = nn.Sequential()
            for k in range(count):
                layer.append(Bottleneck(channels, STEM * 2 ** stage, 2 if stage > 0 and k == 0 else 1))
                channels = STEM * 2 ** stage * 4
            setattr(self, f"layer{stage + 1}", layer)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, 2, 1)
        found = []
        for block in self.layer1:
            x = block(x)
            found.append(x)
        return torch.cat(found, 1)


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.qkv, self.proj = nn.Linear(WIDTH, 3 * WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        n, t, c = x.shape
        q, k, v = self.qkv(x).reshape(n, t, 3, HEADS, c // HEADS).permute(2, 0, 3, 1, 4)
        return self.proj(((q @ k.transpose(-2, -1)) * (c // HEADS) ** -0.5).softmax(-1).matmul(v).transpose(1, 2).reshape(n, t, c))


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.attn, self.norm2 = nn.LayerNorm(WIDTH, eps=1e-6), Attention(), nn.LayerNorm(WIDTH, eps=1e-6)
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(WIDTH, 4 * WIDTH), "fc2": nn.Linear(4 * WIDTH, WIDTH)})

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))


class Vit(nn.Module):
    def __init__(self):
        super().__init__()
        self.cls_token = nn.Parameter(torch.empty(1, 1, WIDTH))
        self.pos_embed = nn.Parameter(torch.empty(1, (CROP // PATCH) ** 2 + 1, WIDTH))
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, WIDTH, PATCH, PATCH)})
        self.blocks = nn.ModuleList(Block() for _ in range(BLOCKS))

    def forward(self, x):
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls_token.expand(len(x), -1, -1), x), 1) + self.pos_embed
        found = []
        for block in self.blocks:
            x = block(x)
            found.append(x[:, 1:])
        side = CROP // PATCH
        return torch.cat(found, 2).transpose(1, 2).reshape(len(x), -1, side, side)


class Deform(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.empty(channels, channels, 3, 3)), nn.Parameter(torch.empty(channels))

    def forward(self, x, offset):
        n, c, h, w = x.shape
        out = self.bias.view(1, -1, 1, 1).repeat(n, 1, h, w)
        for i in range(n):
            for row in range(h):
                for column in range(w):
                    for tap in range(9):
                        y = row - 1 + tap // 3 + offset[i, 2 * tap, row, column].item()
                        z = column - 1 + tap % 3 + offset[i, 2 * tap + 1, row, column].item()
                        y0, z0 = int(y // 1), int(z // 1)
                        value = torch.zeros(c, dtype=x.dtype)
                        for a, share in ((y0, 1 - (y - y0)), (y0 + 1, y - y0)):
                            for b, part in ((z0, 1 - (z - z0)), (z0 + 1, z - z0)):
                                if 0 <= a < h and 0 <= b < w:
                                    value = value + share * part * x[i, :, a, b]
                        out[i, :, row, column] += self.weight[:, :, tap // 3, tap % 3] @ value
        return out


class Fusion(nn.Module):
    def __init__(self, viewed, channels):
        super().__init__()
        self.conv_offset, self.deform = nn.Conv2d(viewed, 18, 3, 1, 1), Deform(channels)
        self.conv1 = nn.Sequential(nn.Conv2d(channels, 2 * COMPARED, 3, 2, 1), nn.ReLU(), nn.Conv2d(2 * COMPARED, channels, 3, 1, 1))

    def forward(self, features, view):
        return self.conv1(self.deform(features, self.conv_offset(F.interpolate(view, features.shape[2:], mode="nearest"))))


class Regressor(nn.Module):
    def __init__(self, channels):
        super().__init__()
        c = COMPARED
        self.down_channel = nn.Conv2d(channels, c, 1)
        self.feat_smoothing = nn.Sequential(nn.Conv2d(3 * c, 4 * c, 3, padding=1), nn.ReLU(), nn.Conv2d(4 * c, 2 * c, 3, padding=1))
        self.conv1 = nn.Sequential(nn.Conv2d(2 * c, c, 3, padding=1), nn.ReLU())
        self.conv_attent = nn.Sequential(nn.Conv2d(c, 1, 1), nn.Sigmoid())
        self.conv = nn.Sequential(nn.Conv2d(c, 1, 1))

    def forward(self, a, b):
        a, b = self.down_channel(a), self.down_channel(b)
        x = self.conv1(self.feat_smoothing(torch.cat((a - b, a, b), 1)))
        w = self.conv_attent(x)
        return (self.conv(x) * w).sum((1, 2, 3)) / w.sum((1, 2, 3))


class Ahiq(nn.Module):
    def __init__(self):
        super().__init__()
        self.resnet50, self.vit = ResNet(), Vit()
        viewed, channels = BLOCKS * WIDTH, 3 * 4 * STEM
        self.deform_net, self.regressor = Fusion(viewed, channels), Regressor(viewed + channels)

    def forward(self, picture, reference):
        down, right = ((side - CROP) // 4 for side in picture.shape[2:])
        places = [(i * down, j * right) for i in range(5) for j in range(5)][:20]
        scores = []
        for y, x in places:
            a, b = (normalised(whole[:, :, y:y + CROP, x:x + CROP]) for whole in (picture, reference))
            va, vb = self.vit(a), self.vit(b)
            scores.append(self.regressor(*(torch.cat((view, self.deform_net(self.resnet50(crop), vb)), 1) for view, crop in ((va, a), (vb, b)))))
        return torch.stack(scores).mean()[None]


class GoogleVit(nn.Module):
    """The same transformer with the names and shapes of Google's files, by their own formulas."""

    def __init__(self):
        super().__init__()
        each, shapes = WIDTH // HEADS, {
            "cls": (1, 1, WIDTH), "embedding/kernel": (PATCH, PATCH, 3, WIDTH), "embedding/bias": (WIDTH,),
            "Transformer/posembed_input/pos_embedding": (1, (CROP // PATCH) ** 2 + 1, WIDTH),
        }
        for k in range(BLOCKS):
            block = f"Transformer/encoderblock_{k}/"
            for norm in ("LayerNorm_0", "LayerNorm_2"):
                shapes |= {f"{block}{norm}/scale": (WIDTH,), f"{block}{norm}/bias": (WIDTH,)}
            for part in ("query", "key", "value"):
                shapes |= {f"{block}MultiHeadDotProductAttention_1/{part}/kernel": (WIDTH, HEADS, each), f"{block}MultiHeadDotProductAttention_1/{part}/bias": (HEADS, each)}
            shapes |= {f"{block}MultiHeadDotProductAttention_1/out/kernel": (HEADS, each, WIDTH), f"{block}MultiHeadDotProductAttention_1/out/bias": (WIDTH,),
                       f"{block}MlpBlock_3/Dense_0/kernel": (WIDTH, 4 * WIDTH), f"{block}MlpBlock_3/Dense_0/bias": (4 * WIDTH,),
                       f"{block}MlpBlock_3/Dense_1/kernel": (4 * WIDTH, WIDTH), f"{block}MlpBlock_3/Dense_1/bias": (WIDTH,)}
        for name, shape in shapes.items():
            self.register_parameter(name, nn.Parameter(torch.empty(shape)))

    def forward(self, x):
        w = dict(self.named_parameters())
        n, side = len(x), CROP // PATCH
        patches = x.reshape(n, 3, side, PATCH, side, PATCH)
        tokens = torch.einsum("nchpwq,pqce->nhwe", patches, w["embedding/kernel"]).reshape(n, side * side, WIDTH) + w["embedding/bias"]
        x = torch.cat((w["cls"].expand(n, -1, -1), tokens), 1) + w["Transformer/posembed_input/pos_embedding"]
        found = []
        for k in range(BLOCKS):
            block = f"Transformer/encoderblock_{k}/"
            heads = f"{block}MultiHeadDotProductAttention_1/"
            norm = lambda y, name: F.layer_norm(y, (WIDTH,), w[f"{block}{name}/scale"], w[f"{block}{name}/bias"], 1e-6)
            y = norm(x, "LayerNorm_0")
            q, key, v = (torch.einsum("nte,ehd->nthd", y, w[f"{heads}{part}/kernel"]) + w[f"{heads}{part}/bias"] for part in ("query", "key", "value"))
            weights = torch.einsum("nqhd,nkhd->nhqk", q / (WIDTH // HEADS) ** 0.5, key).softmax(-1)
            x = x + torch.einsum("nhqk,nkhd,hde->nqe", weights, v, w[f"{heads}out/kernel"]) + w[f"{heads}out/bias"]
            y = F.gelu(norm(x, "LayerNorm_2") @ w[f"{block}MlpBlock_3/Dense_0/kernel"] + w[f"{block}MlpBlock_3/Dense_0/bias"])
            x = x + y @ w[f"{block}MlpBlock_3/Dense_1/kernel"] + w[f"{block}MlpBlock_3/Dense_1/bias"]
            found.append(x[:, 1:])
        return torch.cat(found, 2).transpose(1, 2).reshape(n, -1, side, side)


CASES = {
    "ahiq": Case(Ahiq(), lambda model, a, b: model(a, b), (picture("a", 1, 3, 53, 70), picture("b", 1, 3, 53, 70))),
    "ahiq_augreg": Case(GoogleVit(), lambda model, x: model(x), (picture("input", 2, 3, CROP, CROP),)),
}
