namespace Unpress.Vision.Annotations;

/// <summary>Run lengths, in turn outside and inside, from outside on.</summary>
internal sealed record CocoRuns(IReadOnlyList<long> Counts) : CocoRegion
{
    /// <exception cref="InvalidDataException">They are not of that many pixels.</exception>
    public static CocoRuns Of(IReadOnlyList<long> counts, long pixels) =>
        counts.All(count => count >= 0 && count <= pixels) && counts.Sum() == pixels
            ? new CocoRuns(counts)
            : throw new InvalidDataException($"run lengths do not fill a picture of {pixels} pixels");

    /// <summary>
    /// COCO's text form: a character, less 48, is five bits of a number, the lowest first, and 32 where more follow; the highest bit of the last
    /// five is the sign. From the fourth number on it is the difference to the last but one.
    /// </summary>
    /// <exception cref="InvalidDataException">It ends within a number, or has other characters.</exception>
    public static IReadOnlyList<long> Unpack(string text)
    {
        const int First = 48, Bits = 5, More = 32, Sign = 16, Longest = 60;
        var counts = new List<long>();
        long value = 0;
        int shift = 0;
        foreach (char letter in text)
        {
            int part = letter - First;
            if (part is < 0 or >= 2 * More || shift > Longest - Bits)
                throw new InvalidDataException($"'{letter}' does not belong into packed run lengths");
            value |= (long)(part & (More - 1)) << shift;
            shift += Bits;
            if ((part & More) != 0)
                continue;
            if ((part & Sign) != 0)
                value -= 1L << shift;
            counts.Add(value + (counts.Count > 2 ? counts[^2] : 0));
            (value, shift) = (0, 0);
        }

        return shift == 0 ? counts : throw new InvalidDataException("packed run lengths end within a number");
    }

    public override bool[] Pixels(int width, int height)
    {
        var pixels = new bool[width * height];
        int place = 0;
        for (int i = 0; i < Counts.Count; place += (int)Counts[i++])
            Array.Fill(pixels, i % 2 == 1, place, (int)Counts[i]);
        return pixels;
    }
}
