"""CLIP-IQA on CLIP's ResNet: Radford et al., ICML 2021; Wang et al., AAAI 2023; narrow, with prompts padded as CLIP does."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture

WIDTH, BLOCKS, FEATURES, TEXT, HEADS, LAYERS, WORDS, CONTEXT = 4, (1, 2, 1, 1), 6, 8, 2, 2, 20, 9
PAIRS = (((3, 4, 5), (7, 4, 5)), ((1, 2), (9, 8, 2, 6)))


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(channels, width, 1, bias=False), nn.BatchNorm2d(width)
        self.conv2, self.bn2 = nn.Conv2d(width, width, 3, padding=1, bias=False), nn.BatchNorm2d(width)
        self.conv3, self.bn3 = nn.Conv2d(width, width * 4, 1, bias=False), nn.BatchNorm2d(width * 4)
        self.pool = nn.AvgPool2d(stride) if stride > 1 else nn.Identity()
        self.downsample = nn.Sequential(nn.Conv2d(channels, width * 4, 1, bias=False), nn.BatchNorm2d(width * 4)) if stride > 1 or channels != width * 4 else None

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.pool(F.relu(self.bn2(self.conv2(y))))
        y = self.bn3(self.conv3(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(self.pool(x))))


class AttentionPool(nn.Module):
    """All places ask, as CLIP does, by PyTorch's own function; the answer to the mean is taken."""

    def __init__(self, width):
        super().__init__()
        self.heads = width // 64
        self.q_proj, self.k_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, FEATURES)

    def forward(self, x):
        x = x.flatten(2).permute(2, 0, 1)
        x = torch.cat((x.mean(0, keepdim=True), x))
        y, _ = F.multi_head_attention_forward(
            x, x, x, x.shape[-1], self.heads, None, torch.cat((self.q_proj.bias, self.k_proj.bias, self.v_proj.bias)), None, None, False, 0.0,
            self.c_proj.weight, self.c_proj.bias, training=False, need_weights=False, use_separate_proj_weight=True,
            q_proj_weight=self.q_proj.weight, k_proj_weight=self.k_proj.weight, v_proj_weight=self.v_proj.weight)
        return y[0]


class Visual(nn.Module):
    def __init__(self):
        super().__init__()
        for k, (a, b) in enumerate(((3, WIDTH // 2), (WIDTH // 2, WIDTH // 2), (WIDTH // 2, WIDTH)), 1):
            setattr(self, f"conv{k}", nn.Conv2d(a, b, 3, 2 if k == 1 else 1, 1, bias=False))
            setattr(self, f"bn{k}", nn.BatchNorm2d(b))
        channels = WIDTH
        for stage, count in enumerate(BLOCKS):
            layer = nn.Sequential()
            for k in range(count):
                layer.append(Bottleneck(channels, WIDTH * 2 ** stage, 2 if stage > 0 and k == 0 else 1))
                channels = WIDTH * 2 ** stage * 4
            setattr(self, f"layer{stage + 1}", layer)
        self.attnpool = AttentionPool(channels)

    def forward(self, x):
        for k in (1, 2, 3):
            x = F.relu(getattr(self, f"bn{k}")(getattr(self, f"conv{k}")(x)))
        x = F.avg_pool2d(x, 2)
        return self.attnpool(self.layer4(self.layer3(self.layer2(self.layer1(x)))))


class TextBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln_1, self.ln_2, self.attn = nn.LayerNorm(TEXT), nn.LayerNorm(TEXT), nn.MultiheadAttention(TEXT, HEADS)
        self.mlp = nn.ModuleDict({"c_fc": nn.Linear(TEXT, TEXT * 4), "c_proj": nn.Linear(TEXT * 4, TEXT)})

    def forward(self, x, mask):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        y = self.mlp["c_fc"](self.ln_2(x))
        return x + self.mlp["c_proj"](y * torch.sigmoid(1.702 * y))


class ClipIqa(nn.Module):
    def __init__(self):
        super().__init__()
        self.visual = Visual()
        self.transformer = nn.Module()
        self.transformer.resblocks = nn.ModuleList(TextBlock() for _ in range(LAYERS))
        self.token_embedding, self.ln_final = nn.Embedding(WORDS, TEXT), nn.LayerNorm(TEXT)
        self.positional_embedding = nn.Parameter(torch.empty(CONTEXT, TEXT))
        self.text_projection = nn.Parameter(torch.empty(TEXT, FEATURES))
        self.logit_scale = nn.Parameter(torch.empty(()))

    def text(self, words):
        tokens = torch.tensor([(WORDS - 2, *words, WORDS - 1) + (0,) * (CONTEXT - 2 - len(words))])
        x = (self.token_embedding(tokens) + self.positional_embedding).permute(1, 0, 2)
        mask = torch.full((CONTEXT, CONTEXT), float("-inf"), dtype=x.dtype).triu(1)
        for block in self.transformer.resblocks:
            x = block(x, mask)
        return self.ln_final(x.permute(1, 0, 2))[0, tokens[0].argmax()] @ self.text_projection

    def forward(self, x):
        mean, deviation = (torch.tensor(n, dtype=x.dtype).view(3, 1, 1) for n in ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)))
        seen = F.normalize(self.visual((x - mean) / deviation), dim=1)
        scores = []
        for good, bad in PAIRS:
            said = F.normalize(torch.stack((self.text(good), self.text(bad))), dim=1)
            scores.append((self.logit_scale.exp() * seen @ said.t()).softmax(1)[:, 0])
        return torch.stack(scores).mean(0)


CASES = {"clipiqa": Case(ClipIqa(), lambda model, x: model(x), (picture("input", 2, 3, 70, 101),))}
