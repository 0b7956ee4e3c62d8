using Unpress.Imaging;

namespace Unpress.Vision;

/// <summary>Says of each pixel what it shows, by a network of others.</summary>
/// <param name="output">The output to read; null where there is one.</param>
/// <param name="names">How many classes there are names for; null where nobody counts.</param>
public sealed class Segmenter(VisionModel model, VisionInput how, string? output = null, int? names = null) : IDisposable
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
        float[] planes = logits.Values;
        if (how is { Size: not null, Fit: InputFit.Letterbox })
        {
            // The letterbox's edges are hardly ever between two pixels of the logits: those of the whole input are cut.
            planes = Cut(Bilinear.Resize(planes, (height, width), (input.Height, input.Width)), classes, input);
            (height, width) = (input.Content.Height, input.Content.Width);
        }

        planes = Bilinear.Resize(planes, (height, width), (image.Height, image.Width));
        return Likeliest(planes, classes, image.Width, image.Height);
    }

    public void Dispose() => model.Dispose();

    /// <summary>What lies where the picture lies.</summary>
    private static float[] Cut(float[] planes, int classes, InputPicture input)
    {
        var content = input.Content;
        var cut = new float[classes * content.Height * content.Width];
        for (int row = 0; row < classes * content.Height; row++)
        {
            int from = ((((row / content.Height) * input.Height) + content.Y + (row % content.Height)) * input.Width) + content.X;
            planes.AsSpan(from, content.Width).CopyTo(cut.AsSpan(row * content.Width));
        }

        return cut;
    }

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
