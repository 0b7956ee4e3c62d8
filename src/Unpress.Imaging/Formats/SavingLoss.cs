using System.Buffers.Binary;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Formats;

/// <summary>What of a file its result does not have, for people.</summary>
public static class SavingLoss
{
    /// <summary>
    /// One short phrase for each loss; none when there is nothing to say. What <see cref="SaveOptions.Metadata"/> leaves out on purpose is
    /// no loss.
    /// </summary>
    /// <param name="picture">As it was read.</param>
    public static IReadOnlyList<string> Of(ImageBuffer picture, ImageFormat format, SaveOptions options)
    {
        var source = picture.Metadata;
        var losses = new List<string>(source.LeftOut);
        if (ColourLoss(source, format) is { } colour)
            losses.Add(colour);
        int kept = format is ImageFormat.Heic or ImageFormat.Avif ? 10 : FormatCapacity.Bits(format, picture.BitsPerSample);
        int had = source.StoredBits > 0 ? source.StoredBits : picture.BitsPerSample;
        if (had > kept && options.BitsPerSample is null)
            losses.Add($"{had} bits a sample become {kept}, all that {ImageFormats.Label(format)} holds; PNG and TIFF keep them");
        if (options.Metadata == MetadataPolicy.None)
            return losses;
        string[] blocks = [.. new[] { source.Exif is null ? null : "EXIF", source.Xmp is null ? null : "XMP" }.OfType<string>()];
        if (format is ImageFormat.Jp2 or ImageFormat.Ppm or ImageFormat.Bmp && blocks.Length > 0)
            losses.Add($"{string.Join(" and ", blocks)} {(blocks.Length > 1 ? "are" : "is")} left out, which {ImageFormats.Label(format)} does not hold here");
        bool iptcStays = format is ImageFormat.Jpeg or ImageFormat.Png or ImageFormat.Tiff;
        if (source.Iptc is not null && !iptcStays)
            losses.Add($"the IPTC records are left out, which {ImageFormats.Label(format)} does not hold here");
        if (source.Comments.Count > 0 && format is not (ImageFormat.Jpeg or ImageFormat.Png))
            losses.Add("the JPEG's comment is left out; PNG and JPEG keep it");
        List<PngChunk> texts = [.. source.PngChunks.Where(chunk => !chunk.IsColour && !(source.Iptc is not null && IptcBlock.IsText(chunk)))];
        if (format != ImageFormat.Png && texts.Count > 0)
            losses.Add($"the texts of the PNG are left out ({Names(texts)})");
        else if (options.Metadata == MetadataPolicy.NoGps && texts.FindAll(text => text.MayHoldPlace) is { Count: > 0 } places)
            losses.Add($"the texts {Names(places)} are left out, since the place may be in them");
        return losses;
    }

    private static string? ColourLoss(ImageMetadata source, ImageFormat format)
    {
        if (source.Icc is not null)
            return format is ImageFormat.Jp2 or ImageFormat.Ppm or ImageFormat.Bmp
                ? $"the colour profile is left out, which {ImageFormats.Label(format)} does not hold here"
                : null;
        if (format == ImageFormat.Png)
            return null;
        if (source.Colour is { } code)
        {
            return code.IsUsual || format == ImageFormat.Avif
                ? null
                : $"the colour description ({code}) is left out and the colours will look different; PNG and AVIF keep it";
        }
        return IsUsual(source.PngChunks) ? null : "the colour description (gAMA, cHRM) is left out and the colours may look different; PNG keeps it";
    }

    /// <summary>Whether gAMA and cHRM say no more than that the picture is sRGB.</summary>
    private static bool IsUsual(IReadOnlyList<PngChunk> chunks)
    {
        if (chunks.Any(chunk => chunk.Type == "sRGB"))
            return true;
        // White, red, green and blue of sRGB, times 100,000; and 1 / 2.2.
        int[] usual = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];
        return chunks.Where(chunk => chunk.Type is "gAMA" or "cHRM").All(chunk =>
            chunk.Type == "gAMA"
                ? Math.Abs(Number(chunk, 0) - 45455) < 500
                : usual.Select((value, i) => Math.Abs(Number(chunk, i) - (long)value) < 500).All(near => near));
    }

    private static int Number(PngChunk chunk, int index) => BinaryPrimitives.ReadInt32BigEndian(chunk.Data.AsSpan(4 * index));

    private static string Names(List<PngChunk> texts)
    {
        const int named = 4;
        string[] names = [.. texts.Select(text => text.Keyword.Length > 0 ? text.Keyword : text.Type).Distinct()];
        return string.Join(", ", names.Take(named)) + (names.Length > named ? $" and {names.Length - named} more" : "");
    }
}
