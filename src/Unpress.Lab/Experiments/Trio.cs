using Unpress.Imaging;
using Unpress.Imaging.Jpeg;

namespace Unpress.Lab.Experiments;

/// <summary>What a measure may look at, of one size and colour model.</summary>
/// <param name="Image">What is measured: the original itself, the compressed picture, or one made from it.</param>
internal sealed record Trio(ImageBuffer Original, ImageBuffer Compressed, ImageBuffer Image)
{
    /// <summary>Where several answers are measured together, all of them; the first is <see cref="Image"/>.</summary>
    public IReadOnlyList<ImageBuffer> Candidates { get; init; } = [Image];

    /// <summary>What the compressed picture's file stores, where a measure needs it and it is a JPEG.</summary>
    public JpegCoefficients? File { get; init; }
}
