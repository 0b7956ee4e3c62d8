using Unpress.Imaging;

namespace Unpress.Lab.Experiments;

/// <summary>What a measure may look at, of one size and colour model.</summary>
/// <param name="Image">What is measured: the original itself, the compressed picture, or one made from it.</param>
internal sealed record Trio(ImageBuffer Original, ImageBuffer Compressed, ImageBuffer Image);
