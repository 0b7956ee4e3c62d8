using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>The coefficients of the JPEG that a picture came from, for networks that use them: all components, or for gray networks the luma alone.</summary>
internal static class FileCoefficients
{
    /// <param name="image">With the rows and columns of its file.</param>
    /// <returns>Null where the network has no use for coefficients, or can do without and there are none.</returns>
    /// <exception cref="UnsuitablePictureException">The network needs them, and there are none that fit.</exception>
    public static JpegTensors? For(NetworkFacts facts, ImageBuffer image)
    {
        if (!facts.Uses.HasFlag(Knowledge.Jpeg))
            return null;
        string? obstacle = Obstacle(facts, image);
        if (obstacle is not null && facts.Needs.HasFlag(Knowledge.Jpeg))
            throw new UnsuitablePictureException($"the model works on the coefficients of a JPEG, and {obstacle}");
        return obstacle is null ? Read(image.Metadata.JpegFile!, facts.Channels == 1) : null;
    }

    private static string? Obstacle(NetworkFacts facts, ImageBuffer image)
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
        return usual && across <= 2 && down <= 2 && file.Components.Skip(1).All(c => across % c.Horizontal == 0 && down % c.Vertical == 0)
            ? null
            : $"this one has its chroma sampled in an unusual way ({file.SubsamplingText})";
    }

    private static JpegTensors Read(byte[] bytes, bool lumaOnly)
    {
        var file = JpegCoefficients.Read(bytes, "the JPEG");
        var components = file.Anatomy.Components;
        // Sampling factors tell how planes lie on each other: a single one lies on nothing.
        bool single = lumaOnly || components.Count == 1;
        var planes = components.Take(single ? 1 : 3).Select((c, i) => Plane(file, i, single ? 1 : c.Horizontal, single ? 1 : c.Vertical));
        return new JpegTensors([.. planes]).Cover(file.Anatomy.Height, file.Anatomy.Width);
    }

    private static JpegPlane Plane(JpegCoefficients file, int component, int horizontal, int vertical)
    {
        const int side = BlockDct.Side;
        using var scope = TensorScope.Enter();
        var facts = file.Anatomy.Components[component];
        var blocks = Tensor.From(file.Planes[component], 1, facts.BlocksHigh, facts.BlocksWide, side, side);
        var places = blocks.To(DType.Float32).Permute(0, 1, 3, 2, 4).Reshape(1, 1, side * (long)facts.BlocksHigh, side * (long)facts.BlocksWide);
        var table = Tensor.From<float>([.. file.Anatomy.Tables[facts.Table]!.Select(step => (float)step)], 1, 1, side, side);
        return new JpegPlane(scope.Keep(places), scope.Keep(table), horizontal, vertical);
    }
}
