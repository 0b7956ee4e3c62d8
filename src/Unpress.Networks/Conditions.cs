using Unpress.Data;
using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>What a network may know besides the pixels; all of it optional. Tensors are on the network's device.</summary>
public sealed record Conditions
{
    private static readonly Dictionary<string, Tensor> Nothing = [];

    public static Conditions None { get; } = new();

    /// <summary>[N, 1], the quality factor 1..100, as the user or the training says; null when nobody said.</summary>
    public Tensor? Quality { get; init; }

    /// <summary>The file's coefficients and tables, beginning at the input's first pixel; null where there is no such file.</summary>
    public JpegTensors? Jpeg { get; init; }

    /// <summary>[N, Cz, H, W] random numbers, the input's size.</summary>
    public Tensor? Noise { get; init; }

    /// <summary>Where a network with several exits (RBQE) shall stop, from 0; null lets it decide.</summary>
    public int? Exit { get; init; }

    /// <summary>Told by networks whose pass can take hours how much of it is done, 0..1; what it throws ends the pass. Null where nobody listens.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>What <see cref="Network.Survey"/> found in the whole picture, by names of the network's own.</summary>
    public IReadOnlyDictionary<string, Tensor> Global { get; init; } = Nothing;

    /// <summary>The part for a tile: coefficients and noise are cropped, the rest holds for all tiles.</summary>
    public Conditions At(PixelArea area) => this with
    {
        Jpeg = Jpeg?.Crop(area),
        Noise = Noise?.Narrow(2, area.Y, area.Height).Narrow(3, area.X, area.Width),
    };

    /// <summary>For an input that was padded to this size by repeating its last row and column.</summary>
    public Conditions Cover(long height, long width) => this with
    {
        Jpeg = Jpeg?.Cover(height, width),
        Noise = Noise is null
            ? null
            : Functional.Pad(Noise, 0, width - Noise.Size(3), 0, height - Noise.Size(2), Padding.Replicate),
    };

    /// <summary>Every tensor through a function: to another device, into another scope.</summary>
    public Conditions Map(Func<Tensor, Tensor> change) => this with
    {
        Quality = Quality is null ? null : change(Quality),
        Jpeg = Jpeg?.Map(change),
        Noise = Noise is null ? null : change(Noise),
        Global = Global.ToDictionary(entry => entry.Key, entry => change(entry.Value)),
    };

    /// <summary>
    /// The least that a network needs to run at all on an input of this size, without meaning: an empty JPEG at 4:2:0. For measuring memory,
    /// time and operations.
    /// </summary>
    public static Conditions Blank(NetworkFacts facts, int height, int width, Device device = default)
    {
        if (!facts.Needs.HasFlag(Knowledge.Jpeg))
            return None;
        JpegPlane Plane(int factor, int mcu) => new(
            Tensor.Zeros([1, 1, Blocks(height, mcu) * factor, Blocks(width, mcu) * factor], device: device),
            Tensor.Ones([1, 1, 8, 8], device: device), factor, factor);
        return new Conditions { Jpeg = new JpegTensors(facts.Channels == 1 ? [Plane(1, 8)] : [Plane(2, 16), Plane(1, 16), Plane(1, 16)]) };
    }

    /// <summary>Rows of a component sampled once per MCU.</summary>
    private static long Blocks(int pixels, int mcu) => (pixels + mcu - 1) / mcu * 8L;
}

/// <summary>What a network may know besides the pixels, see <see cref="Conditions"/>.</summary>
[Flags]
public enum Knowledge
{
    None = 0,

    /// <summary>The quality factor, 1..100.</summary>
    Quality = 1,

    /// <summary>The quantised coefficients and tables of the JPEG file.</summary>
    Jpeg = 2,

    /// <summary>Random planes: another draw gives another picture.</summary>
    Noise = 4,
}
