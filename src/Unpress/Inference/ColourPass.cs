using System.Numerics.Tensors;
using Unpress.Data;
using Unpress.Imaging;

namespace Unpress.Inference;

/// <summary>
/// Which bands of a picture go through the model together, whatever number of channels the model has:
/// gray through an RGB model as R = G = B, the mean of what comes out; colour through a gray model as luma, chroma kept;
/// CMYK as if C, M, Y without their ink were R, G, B, and K as a gray picture of its own.
/// </summary>
/// <param name="Inverted">The bands are ink: 0 is white.</param>
internal sealed record ColourPass(int FirstBand, int Bands, bool Inverted)
{
    public static IReadOnlyList<ColourPass> For(ColourModel model) => model switch
    {
        ColourModel.Gray => [new(0, 1, false)],
        ColourModel.Rgb => [new(0, 3, false)],
        _ => [new(0, 3, true), new(3, 1, true)],
    };

    /// <summary>Planes [bands, H, W] through the model, the same shape out.</summary>
    /// <param name="known">What is known besides; its picture is replaced.</param>
    public static Planes Run(IModel model, Planes planes, ModelInput known)
    {
        int channels = model.Facts.Channels;
        var restored = new Planes(channels, planes.Height, planes.Width);
        if (planes.Bands == channels)
        {
            model.Run(known with { Picture = planes }, restored);
            return restored;
        }

        using var input = Input(channels, planes);
        model.Run(known with { Picture = input }, restored);
        using (restored)
            return planes.Bands == 1 ? Mean(restored) : Moved(planes, input, restored);
    }

    /// <summary>What the model finds in the whole picture, [bands, H, W].</summary>
    public static IReadOnlyDictionary<string, FoundValue> Survey(IModel model, Planes planes, ModelInput known)
    {
        if (planes.Bands == model.Facts.Channels)
            return model.Survey(known with { Picture = planes });
        using var input = Input(model.Facts.Channels, planes);
        return model.Survey(known with { Picture = input });
    }

    /// <summary>Planes [bands, H, W] as a model of other channels takes them: a copy.</summary>
    public static Planes Input(int channels, Planes planes)
    {
        var input = new Planes(channels, planes.Height, planes.Width);
        if (planes.Bands > 1 && channels == 1)
        {
            Luma(planes, input.Band(0));
            return input;
        }

        for (int channel = 0; channel < channels; channel++)
            planes.Band(planes.Bands == 1 ? 0 : channel).CopyTo(input.Band(channel));
        return input;
    }

    /// <summary>ITU-R BT.601 luma of full range, as JPEG has it.</summary>
    private static void Luma(Planes rgb, Span<float> luma)
    {
        TensorPrimitives.Multiply(rgb.Band(0), 0.299f, luma);
        TensorPrimitives.MultiplyAdd(rgb.Band(1), 0.587f, luma, luma);
        TensorPrimitives.MultiplyAdd(rgb.Band(2), 0.114f, luma, luma);
    }

    private static Planes Mean(Planes restored)
    {
        var mean = new Planes(1, restored.Height, restored.Width);
        restored.Band(0).CopyTo(mean.Values);
        for (int band = 1; band < restored.Bands; band++)
            TensorPrimitives.Add(mean.Values, restored.Band(band), mean.Values);
        TensorPrimitives.Divide(mean.Values, restored.Bands, mean.Values);
        return mean;
    }

    // In Y'CbCr of full range, R, G and B are all Y plus something of the chroma alone: a change of Y adds to each the same.
    private static Planes Moved(Planes planes, Planes before, Planes after)
    {
        TensorPrimitives.Subtract(after.Values, before.Values, after.Values);
        var moved = new Planes(planes.Bands, planes.Height, planes.Width);
        for (int band = 0; band < planes.Bands; band++)
            TensorPrimitives.Add(planes.Band(band), after.Values, moved.Band(band));
        return moved;
    }
}
