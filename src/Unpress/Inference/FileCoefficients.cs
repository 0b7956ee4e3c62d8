using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Onnx;

namespace Unpress.Inference;

/// <summary>The coefficients of the JPEG that a picture came from, for models that use them: all components, or for gray models the luma alone.</summary>
public static class FileCoefficients
{
    /// <param name="image">With the rows and columns of its file.</param>
    /// <returns>Null where the model has no use for coefficients, or can do without and there are none.</returns>
    /// <exception cref="UnsuitablePictureException">The model needs them, and there are none that fit.</exception>
    public static JpegPlanes? For(ModelFacts facts, ImageBuffer image)
    {
        if (!facts.Uses.HasFlag(ModelInputs.Jpeg))
            return null;
        string? obstacle = Obstacle(facts, image);
        if (obstacle is not null && facts.Needs.HasFlag(ModelInputs.Jpeg))
            throw new UnsuitablePictureException($"the model works on the coefficients of a JPEG, and {obstacle}");
        return obstacle is null ? new JpegPlanes(JpegCoefficients.Read(image.Metadata.JpegFile!, "the JPEG"), facts.Channels == 1) : null;
    }

    private static string? Obstacle(ModelFacts facts, ImageBuffer image)
    {
        if (image.Metadata is not { Jpeg: { } file, JpegFile: not null })
            return $"this is {(image.Metadata.SourceFormat is { } format ? $"a {format} file" : "no file")}";
        if (file.ColourSpace is not (JpegColourSpace.Gray or JpegColourSpace.YCbCr))
            return "this one is neither gray nor YCbCr";
        if ((file.Width, file.Height) != (image.Width, image.Height))
            return "these pixels are not those of their file";
        var luma = file.Components[0];
        int across = file.Components.Max(c => c.Horizontal), down = file.Components.Max(c => c.Vertical);
        bool usual = luma.Horizontal == across && luma.Vertical == down;
        if (facts.Channels == 1)
            return usual ? null : $"this one has its planes sampled in an unusual way ({file.SubsamplingText})";
        if (file.Components.Count == 1)
            return "this one is gray, the model for colour";
        if (facts.Sampling is { } sampling && sampling != file.SubsamplingText)
            return $"this one has its chroma at {file.SubsamplingText}, the model for {sampling}";
        return usual && across <= 2 && down <= 2 && file.Components.Skip(1).All(c => across % c.Horizontal == 0 && down % c.Vertical == 0)
            ? null
            : $"this one has its chroma sampled in an unusual way ({file.SubsamplingText})";
    }
}
