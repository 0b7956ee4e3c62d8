namespace Unpress.Data;

/// <summary>Where one picture lies in a pack.</summary>
/// <param name="Path">The file it was read from, for messages.</param>
/// <param name="Width">Pixels.</param>
/// <param name="Height">Pixels.</param>
/// <param name="Bands">1 (gray) or 3 (RGB), interleaved, 8 bit.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Hash">The first 8 bytes of the SHA-256 of its pixels.</param>
public sealed record PackedImage(string Path, int Width, int Height, int Bands, long Offset, ulong Hash)
{
    public int Length => Width * Height * Bands;
}
