namespace Unpress.Imaging.Colour;

/// <summary>
/// A picture as Y, Cb and Cr planes of 8 bits one after the other, or Y alone: what a video encoder takes.
/// BT.601 with full range (as in JPEG); chroma samples are centred between the luma samples they stand for.
/// A chroma plane of an odd size is rounded up: 17 luma columns have 9 chroma columns at 4:2:0.
/// </summary>
internal sealed class YccImage
{
    public YccImage(int width, int height, ChromaSubsampling? subsampling, byte[]? data = null)
    {
        Width = width;
        Height = height;
        Subsampling = subsampling;
        int length = (width * height) + (2 * ChromaWidth * ChromaHeight);
        if (data is not null && data.Length != length)
            throw new ArgumentException($"expected {length} bytes of planes, got {data.Length}", nameof(data));
        Data = data ?? new byte[length];
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Null for gray: there is no chroma.</summary>
    public ChromaSubsampling? Subsampling { get; }

    /// <summary>0 for gray.</summary>
    public int ChromaWidth => Subsampling switch
    {
        null => 0,
        ChromaSubsampling.C444 => Width,
        _ => (Width + 1) / 2,
    };

    /// <summary>0 for gray.</summary>
    public int ChromaHeight => Subsampling switch
    {
        null => 0,
        ChromaSubsampling.C420 => (Height + 1) / 2,
        _ => Height,
    };

    /// <summary>The planes in the order Y, Cb, Cr, without gaps.</summary>
    public byte[] Data { get; }

    public Span<byte> Luma => Data.AsSpan(0, Width * Height);

    public Span<byte> Cb => Data.AsSpan(Width * Height, ChromaWidth * ChromaHeight);

    public Span<byte> Cr => Data.AsSpan((Width * Height) + (ChromaWidth * ChromaHeight), ChromaWidth * ChromaHeight);

    /// <summary>The same picture on another canvas, anchored at the top left: cropped, or filled by repeating its last column and row.</summary>
    public YccImage Resize(int width, int height)
    {
        if (width == Width && height == Height)
            return this;
        var result = new YccImage(width, height, Subsampling);
        CopyPlane(Luma, Width, Height, result.Luma, width, height);
        if (Subsampling is not null)
        {
            CopyPlane(Cb, ChromaWidth, ChromaHeight, result.Cb, result.ChromaWidth, result.ChromaHeight);
            CopyPlane(Cr, ChromaWidth, ChromaHeight, result.Cr, result.ChromaWidth, result.ChromaHeight);
        }

        return result;
    }

    private static void CopyPlane(
        ReadOnlySpan<byte> source, int sourceWidth, int sourceHeight, Span<byte> target, int targetWidth, int targetHeight)
    {
        int common = Math.Min(sourceWidth, targetWidth);
        for (int y = 0; y < targetHeight; y++)
        {
            var from = source.Slice(Math.Min(y, sourceHeight - 1) * sourceWidth, sourceWidth);
            var to = target.Slice(y * targetWidth, targetWidth);
            from[..common].CopyTo(to);
            to[common..].Fill(from[^1]);
        }
    }
}
