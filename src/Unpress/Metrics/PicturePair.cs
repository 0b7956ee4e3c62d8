using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>The checks at the door of every metric.</summary>
public static class PicturePair
{
    /// <exception cref="IncomparableException">The two cannot be compared, or are too small for the metric.</exception>
    public static void Check(ImageBuffer reference, ImageBuffer image, IMetric metric)
    {
        ArgumentNullException.ThrowIfNull(metric);
        Check(reference, image);
        CheckSize(image, metric, "pictures are");
    }

    /// <summary>For a metric that looks at one picture.</summary>
    /// <exception cref="IncomparableException">CMYK, or too small for the metric.</exception>
    public static void CheckAlone(ImageBuffer image, INoReferenceMetric metric)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(metric);
        if (image.Model == ColourModel.Cmyk)
            throw new IncomparableException("CMYK pictures are not measured; convert it to RGB first");
        CheckSize(image, metric, "picture is");
    }

    /// <exception cref="IncomparableException">Sizes or colour models differ, or one is CMYK.</exception>
    public static void Check(ImageBuffer reference, ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(image);
        if (reference.Width != image.Width || reference.Height != image.Height)
            throw new IncomparableException($"sizes differ: the reference is {Size(reference)}, the picture is {Size(image)}");
        if (reference.Model == ColourModel.Cmyk || image.Model == ColourModel.Cmyk)
            throw new IncomparableException("CMYK pictures are not measured; convert both to RGB first");
        if (reference.Model != image.Model)
            throw new IncomparableException(
                $"colours differ: the reference is {Word(reference)}, the picture is {Word(image)}; convert one of them");
    }

    private static void CheckSize(ImageBuffer image, IMetric metric, string whose)
    {
        if (Math.Min(image.Width, image.Height) < metric.Contract.MinSide)
            throw new IncomparableException($"{metric.Name} needs at least {metric.Contract.MinSide} pixels a side, the {whose} {Size(image)}");
    }

    private static string Size(ImageBuffer image) => $"{image.Width}x{image.Height}";

    private static string Word(ImageBuffer image) => image.Model == ColourModel.Gray ? "gray" : "RGB";
}

/// <summary>Two pictures that a metric cannot compare; the message is one line that says why.</summary>
public sealed class IncomparableException(string message) : UnpressException(message);
