using Unpress.Imaging;
using Unpress.Torch;

namespace Unpress.Vision;

/// <summary>Says of each pixel what it shows, by a network of others.</summary>
/// <param name="output">The output to read; null where there is one.</param>
/// <param name="names">How many classes there are names for; null where nobody counts.</param>
public sealed class Segmenter(OnnxModel model, ModelInput how, string? output = null, int? names = null) : IDisposable
{
    /// <summary>Classes must fit into a byte, and its last value means "do not count".</summary>
    private const int MostClasses = 255;

    /// <summary>The likeliest class of each pixel, a gray picture of the same size. Logits are brought to the picture's size first (bilinear).</summary>
    /// <param name="image">Gray or RGB.</param>
    /// <exception cref="InvalidFileException">The model cannot be run on it, or its output is not 1×C×H×W of logits.</exception>
    public ImageBuffer Segment(ImageBuffer image)
    {
        var input = InputPicture.Of(image, how);
        var outputs = model.Run(input.Values, 3, input.Height, input.Width);
        var logits = output is null && outputs.Count == 1 ? outputs[0] : outputs.FirstOrDefault(one => one.Name == output)
            ?? throw new InvalidFileException(model.Path, $"has the outputs {string.Join(", ", outputs)}; say in the recipe which one: output: NAME");
        if (logits.Shape is not [1, > 1 and <= MostClasses and var classes, var height, var width])
            throw new InvalidFileException(model.Path, $"is no segmenter: expected logits 1×C×H×W of 2 to {MostClasses} classes, got {logits}");
        if (names is { } known && known != classes)
            throw new InvalidFileException(model.Path, $"says {classes} classes, its list of classes has {known} names; it needs one a line for each");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var planes = Tensor.From(logits.Values, 1, classes, height, width);
        if (how is { Size: not null, Fit: InputFit.Letterbox })
        {
            // The letterbox's edges are hardly ever between two pixels of the logits: those of the whole input are cut.
            planes = Functional.Interpolate(planes, input.Height, input.Width, Interpolation.Bilinear)
                .Narrow(2, input.Content.Y, input.Content.Height)
                .Narrow(3, input.Content.X, input.Content.Width);
        }

        planes = Functional.Interpolate(planes, image.Height, image.Width, Interpolation.Bilinear);
        return Likeliest(planes.ToArray<float>(), classes, image.Width, image.Height);
    }

    public void Dispose() => model.Dispose();

    private static ImageBuffer Likeliest(float[] planes, int classes, int width, int height)
    {
        var map = new ImageBuffer(width, height, ColourModel.Gray);
        int plane = width * height;
        for (int i = 0; i < plane; i++)
        {
            int best = 0;
            for (int k = 1; k < classes; k++)
                best = planes[(k * plane) + i] > planes[(best * plane) + i] ? k : best;
            map.Data[i] = (byte)best;
        }

        return map;
    }
}
