using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// A weighted sum of R, G and B in 0..255, perhaps rounded. The conventions are not interchangeable: PSNR on
/// <see cref="Studio"/> is 20·log10(255/219) = 1.32 dB above PSNR on <see cref="Yiq"/> for the same pair.
/// A gray picture is its own luma in every convention.
/// </summary>
internal sealed record Luma(double Red, double Green, double Blue, double Offset, bool Rounded)
{
    /// <summary>ITU-R BT.601 studio swing, 16..235: MATLAB's rgb2ycbcr before it rounds.</summary>
    public static Luma Studio { get; } = new(65.481 / 255, 128.553 / 255, 24.966 / 255, 16, Rounded: false);

    /// <summary><see cref="Studio"/> as MATLAB stores it, in whole numbers.</summary>
    public static Luma StudioUint8 { get; } = Studio with { Rounded = true };

    /// <summary>MATLAB's rgb2gray, full range, in whole numbers.</summary>
    public static Luma GrayUint8 { get; } = new(0.298936, 0.587043, 0.114021, 0, Rounded: true);

    /// <summary>The Y of YIQ and of JPEG, full range, not rounded.</summary>
    public static Luma Yiq { get; } = new(0.299, 0.587, 0.114, 0, Rounded: false);

    public double Of(double red, double green, double blue)
    {
        double value = Offset + (Red * red) + (Green * green) + (Blue * blue);
        // MATLAB rounds halves away from zero; luma is never negative.
        return Rounded ? Math.Floor(value + 0.5) : value;
    }

    public Plane Of(ImageBuffer image) =>
        image.Model == ColourModel.Gray ? new BandPlane(image, 0, Rounded) : new LumaPlane(image, this);
}

/// <summary>The luma of an RGB picture.</summary>
internal sealed class LumaPlane(ImageBuffer image, Luma luma) : Plane(image.Width, image.Height)
{
    public override void ReadRow(int y, Span<double> row)
    {
        int bands = image.Bands, length = Width * bands;
        if (image.BitsPerSample == 8)
        {
            var samples = image.Data.AsSpan(y * length, length);
            for (int x = 0, i = 0; x < Width; x++, i += bands)
                row[x] = luma.Of(samples[i], samples[i + 1], samples[i + 2]);
            return;
        }
        var wide = image.Data16.Slice(y * length, length);
        for (int x = 0, i = 0; x < Width; x++, i += bands)
            row[x] = luma.Of(wide[i] / 257.0, wide[i + 1] / 257.0, wide[i + 2] / 257.0);
    }
}
