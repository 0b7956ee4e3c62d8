namespace Unpress.Imaging;

/// <summary>What a file may claim before a single pixel is allocated for it.</summary>
public sealed record ImageLimits
{
    /// <summary>268 megapixels and 65,535 pixels a side: more than any camera, less than a machine's memory.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Width × height.</summary>
    public long MaxPixels { get; init; } = 1L << 28;

    /// <summary>Pixels a side. Bounds the rows as well: a 1 × 500,000,000 picture is small in memory but endless in time.</summary>
    public int MaxSide { get; init; } = 65_535;

    /// <summary>Scans of a progressive JPEG, each of which costs a pass over the whole picture.</summary>
    public int MaxScans { get; init; } = 100;

    /// <exception cref="InvalidFileException">The size is zero or over a limit.</exception>
    public void Check(string name, long width, long height)
    {
        if (width < 1 || height < 1)
            throw new InvalidFileException(name, $"the header gives a size of {width}x{height} pixels; the file is damaged");
        if (width > MaxSide || height > MaxSide)
            throw new InvalidFileException(name, $"{width}x{height} pixels; the limit is {MaxSide} a side");
        if (width * height > MaxPixels)
            throw new InvalidFileException(name, $"{width}x{height} is {width * height / 1e6:0.#} megapixels; the limit is {MaxPixels / 1e6:0.#}");
    }

    /// <summary>Before the pixels are allocated.</summary>
    /// <exception cref="InvalidFileException">More than one buffer can hold.</exception>
    internal static void CheckMemory(string name, long width, long height, int pixelBytes)
    {
        long bytes = width * height * pixelBytes;
        if (bytes > Array.MaxLength)
            throw new InvalidFileException(name, $"{width}x{height} pixels of {pixelBytes} bytes are {bytes / 1e9:0.#} GB; the limit is 2.1 GB a picture");
    }
}
