using System.Text;
using Unpress.Imaging;

namespace Unpress.Provenance;

/// <summary>A name for the pixels of a picture, whatever file they come from.</summary>
internal static class PixelHash
{
    /// <summary>"sha256:" and 64 hexadecimal digits, of size, bands, depth and samples, upright.</summary>
    public static string Of(ImageBuffer image)
    {
        using var hash = new Sha256();
        hash.Append(Encoding.ASCII.GetBytes($"{image.Width}x{image.Height} {image.Model} {image.HasAlpha} {image.BitsPerSample}\n"));
        hash.Append(image.Data);
        return "sha256:" + hash.Finish();
    }
}
