namespace Unpress.Data;

/// <summary>
/// Float planes of a picture, [bands, height, width], row by row without gaps: what models read and write. The memory is not the collector's;
/// disposing gives it back to the system at once.
/// </summary>
public sealed unsafe class Planes : IDisposable
{
    private nint _address;

    /// <summary>Their values are not set.</summary>
    /// <exception cref="InsufficientMemoryException">More than an engine can take in one piece, or than there is.</exception>
    public Planes(int bands, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bands, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        (Bands, Height, Width) = (bands, height, width);
        long count = (long)bands * height * width;
        try
        {
            if (count > Array.MaxLength)
                throw new InsufficientMemoryException($"{bands} planes of {width}x{height} are too large for one piece");
            _address = (nint)NativePages.Take((nuint)count * sizeof(float));
        }
        catch (OutOfMemoryException error) when (error is not InsufficientMemoryException)
        {
            throw new InsufficientMemoryException($"no memory for {bands} planes of {width}x{height}", error);
        }
    }

    ~Planes() => Free();

    public int Bands { get; }

    public int Height { get; }

    public int Width { get; }

    /// <summary>Pixels of one plane.</summary>
    public int Pixels => Height * Width;

    /// <summary>All planes, one after the other.</summary>
    public Span<float> Values => new(Start, Bands * Pixels);

    /// <summary>For engines; valid until this is disposed.</summary>
    internal nint Address => (nint)Start;

    private float* Start
    {
        get
        {
            nint address = _address;
            ObjectDisposedException.ThrowIf(address == 0, this);
            return (float*)address;
        }
    }

    /// <summary>One plane.</summary>
    public Span<float> Band(int band)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)band, (uint)Bands);
        return new(Start + ((long)band * Pixels), Pixels);
    }

    /// <summary>A row of a plane.</summary>
    public Span<float> Row(int band, int y) => Band(band).Slice(y * Width, Width);

    /// <summary>A copy of a rectangle.</summary>
    public Planes Crop(int x, int y, int width, int height)
    {
        var part = new Planes(Bands, height, width);
        for (int band = 0; band < Bands; band++)
            for (int row = 0; row < height; row++)
                Row(band, y + row).Slice(x, width).CopyTo(part.Row(band, row));
        return part;
    }

    public bool SameSize(Planes other) => (Bands, Height, Width) == (other.Bands, other.Height, other.Width);

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free() => NativePages.GiveBack((void*)Interlocked.Exchange(ref _address, 0), (nuint)Bands * (nuint)Pixels * sizeof(float));
}
