using Unpress.Data;
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
    public static StoredCoefficients? For(ModelFacts facts, ImageBuffer image)
    {
        if (!facts.Uses.HasFlag(ModelInputs.Jpeg))
            return null;
        string? obstacle = Obstacle(facts, image);
        if (obstacle is not null && facts.Needs.HasFlag(ModelInputs.Jpeg))
            throw new UnsuitablePictureException($"the model works on the coefficients of a JPEG, and {obstacle}");
        return obstacle is null ? new StoredCoefficients(JpegCoefficients.Read(image.Metadata.JpegFile!, "the JPEG"), facts.Channels == 1) : null;
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

/// <summary>One component of a part of a JPEG, as models take it.</summary>
/// <param name="Coefficients">
/// [1, Hc, Wc], the quantised DCT coefficients in the place of the pixels that they describe: each 8×8 cell is one block, row = vertical frequency,
/// column = horizontal frequency, DC at its top left.
/// </param>
/// <param name="Table">The 64 steps of its quantisation table in the same order.</param>
/// <param name="Horizontal">Sampling factor across, as the frame header has it.</param>
/// <param name="Vertical">Sampling factor down.</param>
public sealed record CoefficientPlane(Planes Coefficients, float[] Table, int Horizontal, int Vertical) : IDisposable
{
    public void Dispose() => Coefficients.Dispose();
}

/// <summary>
/// What a JPEG file stores of a picture, for models that work on coefficients: its components in the file's order (Y, or Y Cb Cr), all beginning at
/// the picture's top left pixel. They stay as small as they were read; only the part at work is held as float.
/// </summary>
public sealed class StoredCoefficients
{
    private const int Side = 8;

    private readonly JpegCoefficients _file;
    private readonly IReadOnlyList<(JpegComponent Facts, int Horizontal, int Vertical)> _components;

    /// <param name="lumaOnly">The first component alone.</param>
    public StoredCoefficients(JpegCoefficients file, bool lumaOnly)
    {
        _file = file;
        var components = file.Anatomy.Components;
        // Sampling factors tell how planes lie on each other: a single one lies on nothing.
        bool single = lumaOnly || components.Count == 1;
        _components = [.. components.Take(single ? 1 : 3).Select(c => (c, single ? 1 : c.Horizontal, single ? 1 : c.Vertical))];
    }

    /// <summary>Pixels across of one MCU.</summary>
    public int McuWidth => Side * _components.Max(component => component.Horizontal);

    /// <summary>Pixels down of one MCU.</summary>
    public int McuHeight => Side * _components.Max(component => component.Vertical);

    /// <summary>
    /// The part that describes an area of the picture, in whole MCUs (16×16 pixels at 4:2:0), of which the last may lie outside the area: there the
    /// file's last blocks are repeated where it has none.
    /// </summary>
    /// <exception cref="ArgumentException">The area does not begin at an MCU.</exception>
    public IReadOnlyList<CoefficientPlane> Of(PixelArea area)
    {
        if (area.X % McuWidth != 0 || area.Y % McuHeight != 0)
            throw new ArgumentException($"{area} does not begin at a multiple of {McuWidth}x{McuHeight} pixels", nameof(area));
        return [.. _components.Select((component, k) => Part(k, component.Facts, component.Horizontal, component.Vertical, area))];
    }

    private CoefficientPlane Part(int index, JpegComponent facts, int horizontal, int vertical, PixelArea area)
    {
        int left = area.X / McuWidth * horizontal, top = area.Y / McuHeight * vertical;
        int across = Mcus(area.Width, McuWidth) * horizontal, down = Mcus(area.Height, McuHeight) * vertical;
        var planes = new Planes(1, down * Side, across * Side);
        for (int y = 0; y < down; y++)
            for (int x = 0; x < across; x++)
            {
                var block = _file.Block(index, Math.Min(left + x, facts.BlocksWide - 1), Math.Min(top + y, facts.BlocksHigh - 1));
                for (int row = 0; row < Side; row++)
                {
                    var line = planes.Row(0, (y * Side) + row).Slice(x * Side, Side);
                    for (int column = 0; column < Side; column++)
                        line[column] = block[(row * Side) + column];
                }
            }
        float[] table = [.. _file.Anatomy.Tables[facts.Table]!.Select(step => (float)step)];
        return new CoefficientPlane(planes, table, horizontal, vertical);
    }

    private static int Mcus(int pixels, int mcu) => (pixels + mcu - 1) / mcu;
}
