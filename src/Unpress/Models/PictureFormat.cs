using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Unpress.Data;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Models;

/// <summary>
/// How a model wants its pictures: the values of black and white, the order of dimensions and of colours, the element type. Models of ours take
/// planes as they are; for others they are converted, both ways.
/// </summary>
internal sealed class PictureFormat(ModelFacts facts, TensorElementType type)
{
    private readonly double _scale = facts.Range.High - facts.Range.Low;

    /// <summary>True where planes are given without a copy.</summary>
    public bool IsPlain => type == TensorElementType.Float && facts is { Layout: TensorLayout.Nchw, Colours: ColourOrder.Rgb }
        && facts.Range == ValueRange.Unit;

    /// <summary>The shape of a picture for the model.</summary>
    public long[] Shape(int height, int width) => facts.Layout == TensorLayout.Nchw
        ? [1, facts.Channels, height, width]
        : [1, height, width, facts.Channels];

    /// <summary>A converted copy for the model: float or 16-bit float in the model's layout.</summary>
    public Planes ToModel(Planes planes)
    {
        var values = Ordered(planes, toModel: true);
        TensorPrimitives.Multiply(values.Values, (float)_scale, values.Values);
        TensorPrimitives.Add(values.Values, (float)facts.Range.Low, values.Values);
        if (type == TensorElementType.Float16) // in place: each half is written where floats have been read
            ToHalf(values.Values);
        return values;
    }

    /// <summary>Room for the model's output.</summary>
    public Planes Room(int height, int width) => new(facts.Channels, height, width);

    /// <summary>What the model wrote, as planes 0..1.</summary>
    public void FromModel(Planes output, Planes planes)
    {
        if (type == TensorElementType.Float16)
            FromHalf(output.Values);
        TensorPrimitives.Subtract(output.Values, (float)facts.Range.Low, output.Values);
        TensorPrimitives.Divide(output.Values, (float)_scale, output.Values);
        using var ordered = Ordered(output, toModel: false);
        ordered.Values.CopyTo(planes.Values);
    }

    public OrtValue Value(Planes values) => OnnxSession.Value(values.Address, type, Shape(values.Height, values.Width));

    /// <summary>The values in the other order of dimensions and colours.</summary>
    private Planes Ordered(Planes from, bool toModel)
    {
        var to = new Planes(from.Bands, from.Height, from.Width);
        bool apart = facts.Layout == TensorLayout.Nhwc;
        int channels = from.Bands, pixels = from.Pixels;
        ReadOnlySpan<float> source = from.Values;
        var target = to.Values;
        for (int channel = 0; channel < channels; channel++)
        {
            int theirs = facts.Colours == ColourOrder.Bgr ? channels - 1 - channel : channel;
            if (!apart)
            {
                var (of, at) = toModel ? (channel, theirs) : (theirs, channel);
                from.Band(of).CopyTo(to.Band(at));
                continue;
            }

            for (int pixel = 0; pixel < pixels; pixel++)
            {
                int ours = (channel * pixels) + pixel, mixed = (pixel * channels) + theirs;
                if (toModel)
                    target[mixed] = source[ours];
                else
                    target[ours] = source[mixed];
            }
        }

        return to;
    }

    private static void ToHalf(Span<float> values)
    {
        var halves = MemoryMarshal.Cast<float, Half>(values);
        for (int k = 0; k < values.Length; k++)
            halves[k] = (Half)values[k];
    }

    private static void FromHalf(Span<float> values)
    {
        var halves = MemoryMarshal.Cast<float, Half>(values);
        for (int k = values.Length - 1; k >= 0; k--)
            values[k] = (float)halves[k];
    }
}
