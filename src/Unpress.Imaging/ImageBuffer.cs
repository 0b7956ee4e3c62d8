using System.Runtime.InteropServices;

namespace Unpress.Imaging;

/// <summary>What the colour bands of an <see cref="ImageBuffer"/> mean.</summary>
public enum ColourModel
{
    /// <summary>One band: luma.</summary>
    Gray,

    /// <summary>Three bands: R, G, B.</summary>
    Rgb,

    /// <summary>Four bands: C, M, Y, K, 0 = no ink.</summary>
    Cmyk,
}

/// <summary>
/// Pixels in memory: rows top to bottom, bands interleaved, 8 or 16 bits a sample in the machine's byte order,
/// with the alpha band, when there is one, last. Everything that is not pixels is in <see cref="Metadata"/>.
/// </summary>
public sealed class ImageBuffer
{
    public ImageBuffer(int width, int height, ColourModel model, bool hasAlpha = false, int bitsPerSample = 8, byte[]? data = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (bitsPerSample is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(bitsPerSample), bitsPerSample, "8 or 16");
        Width = width;
        Height = height;
        Model = model;
        HasAlpha = hasAlpha;
        BitsPerSample = bitsPerSample;
        long bytes = (long)width * height * Bands * (bitsPerSample / 8);
        if (bytes > Array.MaxLength)
            throw new ArgumentException($"{width}x{height} with {Bands} bands of {bitsPerSample} bits is larger than one buffer can hold");
        if (data is not null && data.Length != bytes)
            throw new ArgumentException($"expected {bytes} bytes of pixels, got {data.Length}", nameof(data));
        Data = data ?? new byte[bytes];
    }

    public int Width { get; }

    public int Height { get; }

    public ColourModel Model { get; }

    public bool HasAlpha { get; }

    /// <summary>8 or 16.</summary>
    public int BitsPerSample { get; }

    /// <summary>Bands without alpha: 1, 3 or 4.</summary>
    public int ColourBands => Model switch { ColourModel.Gray => 1, ColourModel.Rgb => 3, _ => 4 };

    /// <summary>All bands, alpha included.</summary>
    public int Bands => ColourBands + (HasAlpha ? 1 : 0);

    /// <summary>255 or 65535.</summary>
    public int MaxValue => BitsPerSample == 8 ? 255 : 65535;

    /// <summary>Height × Width × Bands samples, interleaved.</summary>
    public byte[] Data { get; }

    /// <summary>The samples of a 16-bit picture.</summary>
    public Span<ushort> Data16 => BitsPerSample == 16
        ? MemoryMarshal.Cast<byte, ushort>(Data.AsSpan())
        : throw new InvalidOperationException("not a 16-bit picture");

    /// <summary>Profile, EXIF, XMP and facts about the file; carried along, never interpreted by the networks.</summary>
    public ImageMetadata Metadata { get; set; } = new();

    /// <summary>One sample as a number in 0..<see cref="MaxValue"/>, whatever the depth. For tests and small loops.</summary>
    public int Sample(int x, int y, int band)
    {
        long index = (((long)y * Width) + x) * Bands + band;
        return BitsPerSample == 8 ? Data[index] : Data16[(int)index];
    }
}
