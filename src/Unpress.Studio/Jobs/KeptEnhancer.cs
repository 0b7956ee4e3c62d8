using Unpress.Imaging;
using Unpress.Inference;

namespace Unpress.Studio.Jobs;

/// <summary>
/// What a model made of a picture, as an enhancer: a file is then made of it by the same <see cref="Inference.Jobs.EnhanceJob"/> that the command
/// line runs, without running the model again.
/// </summary>
/// <param name="restore">The restored copy, upright, of the size of the picture that is given.</param>
internal sealed class KeptEnhancer(string name, double strength, Func<ImageBuffer, ImageBuffer> restore) : IEnhancer
{
    public string Name => name;

    public double Strength => strength;

    public ImageBuffer Enhance(ImageBuffer image, NoiseDraw? draw, Action<TileProgress>? progress, CancellationToken cancellation)
    {
        var restored = restore(image);
        restored.Metadata = image.Metadata;
        return restored;
    }
}
