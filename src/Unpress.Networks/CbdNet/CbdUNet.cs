using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>CBDNet's U-Net over full, half and quarter size; what comes up is added to what went down.</summary>
internal sealed class CbdUNet : Layer
{
    private readonly Sequential _in, _down1, _down2, _decode1, _decode0;
    private readonly ConvTranspose2d _up1, _up0;
    private readonly Conv2d _out;

    public CbdUNet(int inChannels, int outChannels, int width)
    {
        int half = 2 * width, quarter = 4 * width;
        _in = Add("inc", Chain(inChannels, width, 1));
        _down1 = Add("enc_1", Chain(width, half, 3));
        _down2 = Add("enc_2", Chain(half, quarter, 5));
        _up1 = Add("up_1.up", new ConvTranspose2d(quarter, half, 3, stride: 2, padding: 1));
        _decode1 = Add("dec_1", Chain(half, half, 3));
        _up0 = Add("up_0.up", new ConvTranspose2d(half, width, 3, stride: 2, padding: 1));
        _decode0 = Add("dec_0", Chain(width, width, 2));
        _out = Add("outc", Conv2d.Same(width, outChannels, 3));
    }

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var full = _in.Forward(input);
        var half = _down1.Forward(Functional.AvgPool2d(full, 2, 2));
        var quarter = _down2.Forward(Functional.AvgPool2d(half, 2, 2));
        half = _decode1.Forward(half + SizeFit.Centre(_up1.Forward(quarter), half));
        full = _decode0.Forward(full + SizeFit.Centre(_up0.Forward(half), full));
        return scope.Keep(_out.Forward(full));
    }

    private static Sequential Chain(int inChannels, int outChannels, int convolutions)
        => new([.. Enumerable.Range(0, convolutions)
            .SelectMany(k => new Layer[] { Conv2d.Same(k == 0 ? inChannels : outChannels, outChannels, 3), new Relu() })]);
}
