namespace Unpress.Imaging.Jpeg;

/// <summary>
/// The quantised DCT coefficients of a JPEG, exactly as stored: multiply by <see cref="JpegAnatomy.Tables"/> for the values
/// before the inverse DCT.
/// </summary>
public sealed unsafe class JpegCoefficients
{
    private readonly ushort[][] _steps;

    private JpegCoefficients(JpegAnatomy anatomy, short[][] planes, ushort[][] steps, bool isWhole = true) =>
        (Anatomy, Planes, _steps, IsWhole) = (anatomy, planes, steps, isWhole);

    public JpegAnatomy Anatomy { get; }

    /// <summary>One array a component: BlocksHigh × BlocksWide × 64, the 64 in natural (row-major) order, DC first.</summary>
    public IReadOnlyList<short[]> Planes { get; }

    /// <summary>False where scans are missing: what they would have said is unknown, and stands here as zeros.</summary>
    public bool IsWhole { get; }

    /// <summary>The 64 coefficients of one block.</summary>
    public ReadOnlySpan<short> Block(int component, int x, int y) =>
        Planes[component].AsSpan(((y * Anatomy.Components[component].BlocksWide) + x) * 64, 64);

    /// <exception cref="InvalidFileException">Not a readable JPEG, damaged, truncated, or over the limits.</exception>
    public static JpegCoefficients Read(string path, ImageLimits? limits = null) => Read(FileBytes.Read(path), path, limits);

    /// <param name="name">What error messages call the picture.</param>
    /// <exception cref="InvalidFileException">Not a readable JPEG, damaged, truncated, or over the limits.</exception>
    public static JpegCoefficients Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null)
    {
        JpegAnatomy anatomy = JpegAnatomy.Read(bytes, name, limits);
        if (anatomy.Components.Count > 4)
            throw new InvalidFileException(name, $"a JPEG with {anatomy.Components.Count} planes");
        (short[][] planes, ushort[][] steps, bool isWhole) = JpegScanReader.Read(bytes, name, anatomy);
        return new JpegCoefficients(anatomy, planes, steps, isWhole);
    }

    /// <summary>The coefficients that a picture of the file's kind and size has with the file's tables and sampling, as a baseline file.</summary>
    internal static JpegCoefficients Of(byte* pixels, JpegAnatomy like)
    {
        JpegLayout layout = JpegLayout.For(like.Width, like.Height, like.Components);
        like = like with
        {
            Components = layout.Components,
            IsProgressive = false,
            IsArithmetic = false,
            RestartInterval = 0,
            Scans = 1,
        };
        ushort[][] steps = [.. like.Components.Select(c => like.Tables[c.Table]!)];
        short[][] levels = [.. like.Components.Select(c => new short[checked(c.BlocksWide * c.BlocksHigh * 64)])];
        Quantiser[] quantisers = [.. steps.Select(table => new Quantiser(table))];
        using var planes = new JpegPlanes();
        planes.Arrange(layout, 1);
        for (int unitY = 0; unitY < layout.UnitsHigh; unitY++)
        {
            planes.Sample(pixels, unitY);
            for (int i = 0; i < levels.Length; i++)
            {
                JpegComponent c = like.Components[i];
                int top = unitY * c.Vertical;
                for (int y = top; y < Math.Min(top + c.Vertical, c.BlocksHigh); y++)
                {
                    fixed (short* row = &levels[i][y * c.BlocksWide * 64])
                        JpegDct.Forward(planes.Row(i, 8 * (y - top)), planes.Stride(i), quantisers[i], row, c.BlocksWide);
                }
            }
        }

        return new JpegCoefficients(like, levels, steps);
    }

    /// <summary>
    /// The stored pixels as libjpeg decodes them (integer DCT, fancy upsampling), interleaved, not turned: gray, R, G, B, or CMYK as
    /// stored. A progressive file whose last scans are missing is not smoothed.
    /// </summary>
    /// <param name="name">What error messages call the picture.</param>
    /// <exception cref="InvalidFileException">Planes that are smaller by other than whole factors, or not 1, 3 or 4 of them.</exception>
    internal byte[] ToPixels(string name)
    {
        var layout = new JpegLayout(Anatomy);
        if (!layout.HasWholeRatios || Anatomy.ColourSpace == JpegColourSpace.Unknown)
            throw new InvalidFileException(name, $"a JPEG with planes sampled {Anatomy.SubsamplingText}, which is not decoded");
        byte[] pixels = new byte[checked(layout.Width * layout.Height * Planes.Count)];
        using var planes = new JpegPlanes();
        planes.Arrange(layout, layout.UnitsHigh);
        for (int i = 0; i < Planes.Count; i++)
        {
            JpegComponent c = Anatomy.Components[i];
            var quantiser = new Quantiser(_steps[i]);
            for (int y = 0; y < c.BlocksHigh; y++)
            {
                fixed (short* row = &Planes[i][y * c.BlocksWide * 64])
                    JpegDct.Inverse(row, quantiser, planes.Row(i, 8 * y), planes.Stride(i), c.BlocksWide);
            }
        }

        fixed (byte* target = pixels)
            planes.Render(target, Anatomy.ColourSpace);
        return pixels;
    }
}

/// <summary>Compresses pixels the way another JPEG was compressed: its tables, its sampling factors.</summary>
public static unsafe class JpegRecompression
{
    /// <summary>Whether this can be done at all: 8-bit gray or YCbCr, which leaves out CMYK and the rare JPEGs that store R, G, B.</summary>
    public static bool Supports(JpegAnatomy anatomy) =>
        anatomy.Precision == 8 && anatomy.ColourSpace is JpegColourSpace.Gray or JpegColourSpace.YCbCr;

    /// <summary>The coefficients that libjpeg (slow integer DCT) would store.</summary>
    /// <param name="image">8-bit gray or RGB without alpha, of the file's size, turned as the file stores it.</param>
    /// <exception cref="ArgumentException">
    /// The picture is not of the file's kind and size, or the file's planes are smaller by other than whole factors.
    /// </exception>
    public static JpegCoefficients Compress(ImageBuffer image, JpegAnatomy like)
    {
        if (!Supports(like) || image.BitsPerSample != 8 || image.Bands != like.Components.Count)
            throw new ArgumentException("only 8-bit gray and colour pictures are compressed like another file", nameof(image));
        if (image.Width != like.Width || image.Height != like.Height)
            throw new ArgumentException($"{image.Width}x{image.Height} pixels, the file has {like.Width}x{like.Height}", nameof(image));
        if (!new JpegLayout(like).HasWholeRatios)
            throw new ArgumentException($"planes sampled {like.SubsamplingText} cannot be made of pixels", nameof(like));
        fixed (byte* pixels = image.Data)
            return JpegCoefficients.Of(pixels, like);
    }
}
