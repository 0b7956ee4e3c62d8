namespace Unpress.Imaging.Jpeg;

/// <summary>What a scan header says: which coefficients of which planes the following bits hold.</summary>
/// <param name="Components">Indices of the planes, in the scan's order.</param>
/// <param name="DcTables">The table slot of each, 0–15.</param>
/// <param name="AcTables">The table slot of each, 0–15.</param>
/// <param name="First">First zigzag position of a progressive scan.</param>
/// <param name="Last">Last zigzag position of a progressive scan.</param>
/// <param name="High">Bits that came before, 0 in a first scan.</param>
/// <param name="Low">Bits that are still to come.</param>
internal sealed record JpegScan(int[] Components, int[] DcTables, int[] AcTables, int First, int Last, int High, int Low);

/// <summary>Turns the bits of one scan into coefficients, block after block. Damage ends it with <see cref="EntropyException"/>.</summary>
internal abstract unsafe class EntropyDecoder
{
    private readonly byte* _end;

    protected EntropyDecoder(byte* start, byte* end)
    {
        Next = start;
        _end = end;
    }

    /// <summary>The first byte that has not been read; a marker is looked for from here.</summary>
    public byte* Next { get; protected set; }

    protected byte* End => _end;

    /// <summary>Adds what the scan says of one block.</summary>
    /// <param name="block">64 coefficients, natural order.</param>
    /// <param name="slot">Which plane of the scan.</param>
    public abstract void Decode(Span<short> block, int slot);

    /// <summary>Begins again behind a restart marker.</summary>
    public void Restart(byte* next)
    {
        Next = next;
        Reset();
    }

    protected abstract void Reset();

    /// <summary>The next byte of the scan with stuffed zeros left out; -1 before a marker and at the end of the file.</summary>
    protected int NextByte()
    {
        if (Next >= _end)
            return -1;
        if (*Next != 0xFF)
            return *Next++;
        byte* after = Next + 1;
        while (after < _end && *after == 0xFF)
            after++; // fill bytes
        if (after >= _end || *after != 0)
            return -1;
        Next = after + 1;
        return 0xFF;
    }

    /// <summary>Zigzag to natural order; runs of damaged files end behind the 64th, where the last place catches them.</summary>
    protected static ReadOnlySpan<byte> Order =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
        12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
        58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
        63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63, 63,
    ];
}

/// <summary>
/// The bits of a scan make no sense, or end too early; becomes an <see cref="InvalidFileException"/> where the file's name is known.
/// </summary>
internal sealed class EntropyException(string message) : Exception(message)
{
    public static EntropyException CutOff() => new("the picture ends too early");

    public static EntropyException BadCode() => new("a code that does not exist in the compressed data");
}
