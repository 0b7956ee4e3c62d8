namespace Unpress.Imaging.Codecs;

/// <summary>A compressed picture: exactly the bytes that count for bits per pixel.</summary>
public sealed record Encoded(byte[] Bytes, int Width, int Height)
{
    public double BitsPerPixel => Bytes.LongLength * 8.0 / ((long)Width * Height);
}
