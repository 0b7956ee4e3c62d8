namespace Unpress.Imaging.Jpeg;

/// <summary>Compresses pixels the way another JPEG was compressed: its tables, its sampling factors.</summary>
public static unsafe class JpegRecompression
{
    /// <summary>Whether this can be done at all: 8-bit gray or YCbCr, which leaves out CMYK and the rare JPEGs that store R, G, B.</summary>
    public static bool Supports(JpegAnatomy anatomy) =>
        anatomy.Precision == 8 && anatomy.ColourSpace is JpegColourSpace.Gray or JpegColourSpace.YCbCr;

    /// <summary>The coefficients that libjpeg (slow integer DCT) would store.</summary>
    /// <param name="image">8-bit gray or RGB without alpha, of the file's size, turned as the file stores it.</param>
    /// <exception cref="ArgumentException">The picture is not of the file's kind and size.</exception>
    public static JpegCoefficients Compress(ImageBuffer image, JpegAnatomy like)
    {
        if (!Supports(like) || image.BitsPerSample != 8 || image.Bands != like.Components.Count)
            throw new ArgumentException("only 8-bit gray and colour pictures are compressed like another file", nameof(image));
        if (image.Width != like.Width || image.Height != like.Height)
            throw new ArgumentException($"{image.Width}x{image.Height} pixels, the file has {like.Width}x{like.Height}", nameof(image));
        int[] components = [.. like.Components.SelectMany(c => new[] { c.Horizontal, c.Vertical, c.Table })];
        ushort[] tables = [.. like.Tables.SelectMany(table => table ?? new ushort[64])];
        byte* bytes;
        long length;
        fixed (byte* pixels = image.Data)
        fixed (int* facts = components)
        fixed (ushort* steps = tables)
        {
            Native.Check(Native.image_jpeg_encode_like(
                pixels, image.Width, image.Height, image.Bands, facts, steps, &bytes, &length));
        }
        return JpegCoefficients.Read(Native.Take(bytes, length), "the picture compressed again");
    }
}
