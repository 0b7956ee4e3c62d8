using Unpress.Data;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Models;

/// <summary>The least that a model needs to run at all, without meaning: an empty JPEG at 4:2:0. For measuring memory and time.</summary>
public static class BlankInput
{
    private const int Side = 8;

    /// <param name="picture">[channels, H, W] as the model takes it.</param>
    public static ModelInput For(ModelFacts facts, Planes picture)
    {
        if (!facts.Needs.HasFlag(ModelInputs.Jpeg))
            return new ModelInput { Picture = picture };
        return new ModelInput
        {
            Picture = picture,
            Jpeg = facts.Channels == 1 ? [Plane(1, Side)] : [Plane(2, 2 * Side), Plane(1, 2 * Side), Plane(1, 2 * Side)],
        };

        CoefficientPlane Plane(int factor, int mcu)
        {
            var coefficients = new Planes(1, Blocks(picture.Height, mcu) * factor, Blocks(picture.Width, mcu) * factor);
            coefficients.Values.Clear();
            return new CoefficientPlane(coefficients, [.. Enumerable.Repeat(1f, Side * Side)], factor, factor);
        }
    }

    /// <summary>Rows of a component sampled once per MCU.</summary>
    private static int Blocks(int pixels, int mcu) => (pixels + mcu - 1) / mcu * Side;
}
