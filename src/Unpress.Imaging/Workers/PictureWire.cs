using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Workers;

/// <summary>A picture with all that belongs to it, through a pipe.</summary>
internal static class PictureWire
{
    private const int MostChunks = 1000, MostPhrases = 100;

    /// <param name="withFile">Whether the JPEG that the picture comes from goes along.</param>
    public static void Write(WireWriter wire, ImageBuffer image, bool withFile)
    {
        wire.Number(image.Width);
        wire.Number(image.Height);
        wire.Number((int)image.Model);
        wire.Number(image.HasAlpha ? 1 : 0);
        wire.Number(image.BitsPerSample);
        Write(wire, image.Metadata, withFile);
        wire.Block(image.Data);
    }

    /// <param name="name">The file, for what is read here of the JPEG.</param>
    /// <exception cref="InvalidDataException">No picture within the limits.</exception>
    public static ImageBuffer Read(WireReader wire, string name, ImageLimits limits)
    {
        int width = wire.Number(1, int.MaxValue), height = wire.Number(1, int.MaxValue);
        limits.Check(name, width, height);
        var model = (ColourModel)wire.Number(0, (int)ColourModel.Cmyk);
        bool alpha = wire.Flag();
        int bits = wire.Number(8, 16);
        ImageMetadata metadata = ReadMetadata(wire);
        long bytes = (long)width * height * ((model switch { ColourModel.Gray => 1, ColourModel.Rgb => 3, _ => 4 }) + (alpha ? 1 : 0)) * (bits / 8);
        if (bits is not (8 or 16) || bytes > Array.MaxLength || wire.Number() != bytes)
            throw new InvalidDataException("pixels of another size than was said");
        var image = new ImageBuffer(width, height, model, alpha, bits) { Metadata = metadata };
        wire.Fill(image.Data);
        if (metadata.JpegFile is { } file)
        {
            // A parser in managed code, which is safe to run here; what follows relies on the two sizes being one.
            JpegAnatomy jpeg = metadata.Jpeg = JpegAnatomy.Read(file, name, limits);
            if ((metadata.StoredOrientation >= 5 ? (jpeg.Height, jpeg.Width) : (jpeg.Width, jpeg.Height)) != (width, height))
                throw new InvalidDataException("pixels of another size than the JPEG's");
        }
        return image;
    }

    private static void Write(WireWriter wire, ImageMetadata metadata, bool withFile)
    {
        wire.Block(metadata.Icc);
        wire.Block(metadata.Exif);
        wire.Block(metadata.Xmp);
        wire.Block(metadata.Iptc);
        wire.Number(metadata.Comments.Count);
        foreach (byte[] comment in metadata.Comments)
            wire.Block(comment);
        wire.Block(withFile ? metadata.JpegFile : null);
        wire.Number(metadata.StoredOrientation);
        wire.Number(metadata.Pages);
        wire.Number(metadata.LeftOut.Count);
        foreach (string phrase in metadata.LeftOut)
            wire.Text(phrase);
        wire.Number(metadata.Colour is null ? 0 : 1);
        wire.Number(metadata.Colour?.Primaries ?? 0);
        wire.Number(metadata.Colour?.Transfer ?? 0);
        wire.Number(metadata.PngChunks.Count);
        foreach (PngChunk chunk in metadata.PngChunks)
        {
            wire.Text(chunk.Type);
            wire.Block(chunk.Data);
        }
        wire.Text(metadata.SourceFormat);
        wire.Number(metadata.StoredBits);
        wire.Number(metadata.WasPalette ? 1 : 0);
        wire.Real(metadata.PixelsPerMillimetreX);
        wire.Real(metadata.PixelsPerMillimetreY);
    }

    private static ImageMetadata ReadMetadata(WireReader wire)
    {
        var metadata = new ImageMetadata
        {
            Icc = wire.Block(Array.MaxLength),
            Exif = wire.Block(Array.MaxLength),
            Xmp = wire.Block(Array.MaxLength),
            Iptc = wire.Block(Array.MaxLength),
            Comments = [.. Enumerable.Range(0, wire.Number(0, MostPhrases)).Select(_ => wire.Block(Array.MaxLength) ?? [])],
            JpegFile = wire.Block(Array.MaxLength),
            StoredOrientation = wire.Number(1, 8),
            Pages = wire.Number(0, int.MaxValue),
        };
        metadata.LeftOut = [.. Enumerable.Range(0, wire.Number(0, MostPhrases)).Select(_ => wire.Text() ?? "")];
        bool coded = wire.Flag();
        var code = new ColourCode(wire.Number(0, ushort.MaxValue), wire.Number(0, ushort.MaxValue));
        metadata.Colour = coded ? code : null;
        metadata.PngChunks = [.. Enumerable.Range(0,
            wire.Number(0, MostChunks)).Select(_ => new PngChunk(wire.Text() ?? "", wire.Block(Array.MaxLength) ?? []))];
        metadata.SourceFormat = wire.Text();
        metadata.StoredBits = wire.Number(0, 16);
        metadata.WasPalette = wire.Flag();
        (metadata.PixelsPerMillimetreX, metadata.PixelsPerMillimetreY) = (wire.Real(), wire.Real());
        return metadata;
    }
}
