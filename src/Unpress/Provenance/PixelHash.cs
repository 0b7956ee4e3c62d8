using System.Security.Cryptography;
using System.Text;
using Unpress.Imaging;

namespace Unpress.Provenance;

/// <summary>A name for the pixels of a picture, whatever file they come from.</summary>
internal static class PixelHash
{
    /// <summary>"sha256:" and 64 hexadecimal digits, of size, bands, depth and samples, upright.</summary>
    public static string Of(ImageBuffer image)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.ASCII.GetBytes($"{image.Width}x{image.Height} {image.Model} {image.HasAlpha} {image.BitsPerSample}\n"));
        hash.AppendData(image.Data);
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
