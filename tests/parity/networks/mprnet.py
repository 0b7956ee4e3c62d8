"""MPRNet: Zamir et al., "Multi-Stage Progressive Image Restoration", CVPR 2021."""
import torch
import torch.nn.functional as F
from torch import nn

from case import Case
from formula import picture


def conv(a, b, size):
    return nn.Conv2d(a, b, size, padding=size // 2, bias=False)


class Gate(nn.Module):
    def __init__(self, n, reduction):
        super().__init__()
        self.conv_du = nn.Sequential(conv(n, n // reduction, 1), nn.ReLU(), conv(n // reduction, n, 1), nn.Sigmoid())

    def forward(self, x):
        return x * self.conv_du(F.adaptive_avg_pool2d(x, 1))


class Cab(nn.Module):
    def __init__(self, n, reduction, act):
        super().__init__()
        self.CA = Gate(n, reduction)
        self.body = nn.Sequential(conv(n, n, 3), act, conv(n, n, 3))

    def forward(self, x):
        return x + self.CA(self.body(x))


class Resize(nn.Module):
    """A 1×1 convolution after bilinear resizing."""

    def __init__(self, factor, a, b, name):
        super().__init__()
        scale = nn.Upsample(scale_factor=factor, mode="bilinear", align_corners=False)
        self.name = name
        self.add_module(name, nn.Sequential(scale, conv(a, b, 1)))

    def forward(self, x):
        return getattr(self, self.name)(x)


class Encoder(nn.Module):
    def __init__(self, widths, cab, fuse):
        super().__init__()
        for k, n in enumerate(widths, 1):
            setattr(self, f"encoder_level{k}", nn.Sequential(cab(n), cab(n)))
            if fuse:
                setattr(self, f"csff_enc{k}", conv(n, n, 1))
                setattr(self, f"csff_dec{k}", conv(n, n, 1))
        self.down12 = Resize(0.5, widths[0], widths[1], "down")
        self.down23 = Resize(0.5, widths[1], widths[2], "down")

    def fused(self, k, x, before):
        if before:
            x = x + getattr(self, f"csff_enc{k}")(before[0][k - 1]) + getattr(self, f"csff_dec{k}")(before[1][k - 1])
        return x

    def forward(self, x, *before):
        one = self.fused(1, self.encoder_level1(x), before)
        two = self.fused(2, self.encoder_level2(self.down12(one)), before)
        three = self.fused(3, self.encoder_level3(self.down23(two)), before)
        return one, two, three


class Decoder(nn.Module):
    def __init__(self, widths, cab):
        super().__init__()
        for k, n in enumerate(widths, 1):
            setattr(self, f"decoder_level{k}", nn.Sequential(cab(n), cab(n)))
        self.skip_attn1, self.skip_attn2 = cab(widths[0]), cab(widths[1])
        self.up21 = Resize(2, widths[1], widths[0], "up")
        self.up32 = Resize(2, widths[2], widths[1], "up")

    def forward(self, one, two, three):
        three = self.decoder_level3(three)
        two = self.decoder_level2(self.skip_attn2(two) + self.up32(three))
        return self.decoder_level1(self.skip_attn1(one) + self.up21(two)), two, three


class Sam(nn.Module):
    def __init__(self, n, channels):
        super().__init__()
        self.conv1, self.conv2, self.conv3 = conv(n, n, 1), conv(n, channels, 1), conv(channels, n, 1)

    def forward(self, features, x):
        image = x + self.conv2(features)
        return self.conv1(features) * torch.sigmoid(self.conv3(image)) + features, image


class Orb(nn.Module):
    def __init__(self, n, count, cab):
        super().__init__()
        self.body = nn.Sequential(*(cab(n) for _ in range(count)), conv(n, n, 3))

    def forward(self, x):
        return x + self.body(x)


class OrsNet(nn.Module):
    def __init__(self, widths, n, count, cab):
        super().__init__()
        one, two, three = widths
        for k in (1, 2, 3):
            setattr(self, f"orb{k}", Orb(n, count, cab))
            for side in ("enc", "dec"):
                setattr(self, f"conv_{side}{k}", conv(one, n, 1))
        for side in ("enc", "dec"):
            setattr(self, f"up_{side}1", Resize(2, two, one, "up"))
            setattr(self, f"up_{side}2", nn.Sequential(Resize(2, three, two, "up"), Resize(2, two, one, "up")))

    def forward(self, x, encoded, decoded):
        x = self.orb1(x) + self.conv_enc1(encoded[0]) + self.conv_dec1(decoded[0])
        x = self.orb2(x) + self.conv_enc2(self.up_enc1(encoded[1])) + self.conv_dec2(self.up_dec1(decoded[1]))
        return self.orb3(x) + self.conv_enc3(self.up_enc2(encoded[2])) + self.conv_dec3(self.up_dec2(decoded[2]))


class MprNet(nn.Module):
    def __init__(self, channels, n, unet, ors, count, reduction):
        super().__init__()
        act = nn.PReLU()
        widths = [n, n + unet, n + 2 * unet]

        def cab(width):
            return Cab(width, reduction, act)

        self.shallow_feat1, self.shallow_feat2, self.shallow_feat3 = (
            nn.Sequential(conv(channels, n, 3), cab(n)) for _ in range(3))
        self.stage1_encoder, self.stage1_decoder = Encoder(widths, cab, False), Decoder(widths, cab)
        self.stage2_encoder, self.stage2_decoder = Encoder(widths, cab, True), Decoder(widths, cab)
        self.stage3_orsnet = OrsNet(widths, n + ors, count, cab)
        self.sam12, self.sam23 = Sam(n, channels), Sam(n, channels)
        self.concat12 = conv(2 * n, n, 3)
        self.concat23 = conv(2 * n, n + ors, 3)
        self.tail = conv(n + ors, channels, 3)

    def forward(self, x):
        top, bottom = x.chunk(2, 2)
        stage2_in, images = [], []
        for half in (top, bottom):
            left, right = (self.stage1_encoder(self.shallow_feat1(quarter)) for quarter in half.chunk(2, 3))
            encoded = [torch.cat(pair, 3) for pair in zip(left, right)]
            decoded = self.stage1_decoder(*encoded)
            passed, image = self.sam12(decoded[0], half)
            images.append(image)
            merged = self.concat12(torch.cat((self.shallow_feat2(half), passed), 1))
            stage2_in.append(self.stage2_encoder(merged, encoded, decoded))
        encoded = [torch.cat(pair, 2) for pair in zip(*stage2_in)]
        decoded = self.stage2_decoder(*encoded)
        passed, stage2 = self.sam23(decoded[0], x)
        merged = self.concat23(torch.cat((self.shallow_feat3(x), passed), 1))
        stage3 = x + self.tail(self.stage3_orsnet(merged, encoded, decoded))
        return {"stage1": torch.cat(images, 2), "stage2": stage2, "stage3": stage3}


CASES = {"mprnet": Case(MprNet(3, 4, 2, 3, 1, 2), lambda model, x: model(x), (picture("input", 1, 3, 16, 24),))}
