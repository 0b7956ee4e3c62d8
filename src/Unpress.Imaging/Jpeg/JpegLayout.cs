namespace Unpress.Imaging.Jpeg;

/// <summary>How the planes of a JPEG divide its picture into units (MCUs) and blocks.</summary>
internal sealed class JpegLayout
{
    public JpegLayout(int width, int height, IReadOnlyList<JpegComponent> components)
    {
        (Width, Height, Components) = (width, height, [.. components]);
        foreach (JpegComponent c in components)
            (MaxHorizontal, MaxVertical) = (Math.Max(MaxHorizontal, c.Horizontal), Math.Max(MaxVertical, c.Vertical));
        UnitsWide = Ceiling(width, 8 * MaxHorizontal);
        UnitsHigh = Ceiling(height, 8 * MaxVertical);
    }

    public JpegLayout(JpegAnatomy anatomy)
        : this(anatomy.Width, anatomy.Height, anatomy.Components)
    {
    }

    public int Width { get; }

    public int Height { get; }

    public JpegComponent[] Components { get; }

    public int MaxHorizontal { get; } = 1;

    public int MaxVertical { get; } = 1;

    /// <summary>Interleaved units that cover the picture.</summary>
    public int UnitsWide { get; }

    /// <summary>Interleaved units that cover the picture.</summary>
    public int UnitsHigh { get; }

    /// <summary>Whether every plane is smaller by whole factors: others cannot be turned into pixels, nor made of them.</summary>
    public bool HasWholeRatios => Components.All(c => MaxHorizontal % c.Horizontal == 0 && MaxVertical % c.Vertical == 0);

    /// <summary>What libjpeg's defaults make of a picture: gray, YCbCr with luma sampled 2×2, 2×1 or 1×1 times, or CMYK.</summary>
    /// <param name="bands">1, 3 or 4.</param>
    public static JpegLayout For(int width, int height, int bands, ChromaSubsampling subsampling)
    {
        int across = bands == 3 && subsampling != ChromaSubsampling.C444 ? 2 : 1;
        int down = bands == 3 && subsampling == ChromaSubsampling.C420 ? 2 : 1;
        var components = new JpegComponent[bands];
        for (int i = 0; i < bands; i++)
        {
            (int h, int v) = i == 0 ? (across, down) : (1, 1);
            components[i] = new JpegComponent(bands == 4 ? "CMYK"[i] : i + 1, h, v, bands == 3 && i > 0 ? 1 : 0, 0, 0);
        }

        return For(width, height, components);
    }

    /// <summary>Any sampling factors; the numbers of blocks are worked out, whatever the components say of them.</summary>
    public static JpegLayout For(int width, int height, IReadOnlyList<JpegComponent> components)
    {
        int across = components.Max(c => c.Horizontal), down = components.Max(c => c.Vertical);
        return new JpegLayout(width, height, [.. components.Select(c => c with
        {
            BlocksWide = Ceiling((long)width * c.Horizontal, 8 * across),
            BlocksHigh = Ceiling((long)height * c.Vertical, 8 * down),
        })]);
    }

    /// <summary>How many pixels lie across one sample of the plane.</summary>
    public int Across(JpegComponent component) => MaxHorizontal / component.Horizontal;

    /// <summary>How many pixels lie down one sample of the plane.</summary>
    public int Down(JpegComponent component) => MaxVertical / component.Vertical;

    /// <summary>Samples that stand for pixels, without the padding of the last block.</summary>
    public int SamplesWide(JpegComponent component) => Ceiling((long)Width * component.Horizontal, MaxHorizontal);

    /// <summary>Samples that stand for pixels, without the padding of the last block.</summary>
    public int SamplesHigh(JpegComponent component) => Ceiling((long)Height * component.Vertical, MaxVertical);

    internal static int Ceiling(long value, int divisor) => (int)((value + divisor - 1) / divisor);
}
