namespace Unpress.Imaging;

/// <summary>What a file may claim before a single pixel is allocated for it, and what damage it may have.</summary>
public sealed record ImageLimits
{
    private static readonly ImageLimits Usual = new();
    private static readonly AsyncLocal<ImageLimits?> Chosen = new();

    /// <summary>268 megapixels and 65,535 pixels a side, more than any camera and less than a machine's memory; or what <see cref="Use"/> has set.</summary>
    public static ImageLimits Default => Chosen.Value ?? Usual;

    /// <summary>For what was checked when it was made.</summary>
    internal static ImageLimits None { get; } = new() { MaxPixels = long.MaxValue, MaxSide = int.MaxValue, MaxBytes = long.MaxValue };

    /// <summary>Width × height.</summary>
    public long MaxPixels { get; init; } = 1L << 28;

    /// <summary>Pixels a side. Bounds the rows as well: a 1 × 500,000,000 picture is small in memory but endless in time.</summary>
    public int MaxSide { get; init; } = 65_535;

    /// <summary>Scans of a progressive JPEG, each of which costs a pass over the whole picture.</summary>
    public int MaxScans { get; init; } = 100;

    /// <summary>Bytes that the pixels and what a decoder holds besides them may take, as far as the header tells.</summary>
    public long MaxBytes { get; init; } = long.MaxValue;

    /// <summary>Take what decodes of a damaged file; <see cref="ImageMetadata.LeftOut"/> says so.</summary>
    public bool Salvage { get; init; }

    /// <summary>The default of all that this call stack does and starts from here on.</summary>
    public static void Use(ImageLimits limits) => Chosen.Value = limits;

    /// <exception cref="InvalidFileException">The size is zero or over a limit.</exception>
    public void Check(string name, long width, long height)
    {
        if (width < 1 || height < 1)
            throw new InvalidFileException(name, $"the header gives a size of {width}x{height} pixels; the file is damaged", fault: FailureCode.Damaged);
        if (width > MaxSide || height > MaxSide)
            throw new InvalidFileException(name, $"{width}x{height} pixels; the limit is {MaxSide} a side", fault: FailureCode.TooLarge);
        if (width * height > MaxPixels)
        {
            throw new InvalidFileException(
                name, $"{width}x{height} is {width * height / 1e6:0.#} megapixels; the limit is {MaxPixels / 1e6:0.#} (--max-pixels raises it)",
                    fault: FailureCode.TooLarge);
        }
    }

    /// <summary>Before the pixels are allocated.</summary>
    /// <param name="besides">Bytes a pixel that the decoder holds besides the picture.</param>
    /// <exception cref="InvalidFileException">More than one buffer can hold, or than the limit.</exception>
    internal void CheckMemory(string name, long width, long height, int pixelBytes, int besides = 0)
    {
        long bytes = width * height * pixelBytes, all = bytes + (width * height * besides);
        if (bytes > Array.MaxLength)
            throw new InvalidFileException(
                name, $"{width}x{height} pixels of {pixelBytes} bytes are {bytes / 1e9:0.#} GB; the limit is 2.1 GB a picture", fault: FailureCode.TooLarge);
        if (all > MaxBytes)
            throw new InvalidFileException(name, $"{width}x{height} pixels take {all / 1e6:0} MB to read; the limit is {MaxBytes / 1e6:0} (--memory raises it)",
                fault: FailureCode.Memory);
    }
}
