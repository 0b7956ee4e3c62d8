namespace Unpress.Imaging.Jpeg;

/// <summary>An earlier save as JPEG that a picture's pixels still show, whatever its file says of the last one.</summary>
/// <param name="Quality">About the quality factor of that save, in libjpeg's scale.</param>
/// <param name="X">Where its 8×8 blocks begin, 0..7 pixels from the left edge of the upright picture.</param>
/// <param name="Y">The same from the upper edge.</param>
public sealed record EarlierSave(int Quality, int X, int Y)
{
    // The cosine coefficients of blocks that were once rounded to multiples of a step q still lie near those multiples when the same blocks are
    // looked at: the mean of cos(2πc/q) is near 1, while it is near 0 for every other step and every other grid. So all 64 grids are tried with
    // the steps of all quality factors. Coefficients that the step would round to 0 say nothing.
    private const int Side = 8, LeastQuality = 5, MostQuality = 92, CoarseStep = 3;

    private const int FewBlocks = 400, ManyBlocks = 1200;

    /// <summary>Fewer coefficients than this make no mean.</summary>
    private const int LeastCount = 60;

    // In standard deviations of a mean by chance. Of 64 grids by chance alone the best has about 4; blocking makes that a few more.
    private const double Certain = 9, CertainOnOwnGrid = 15;

    /// <summary>How much more than by chance, and how many times what the next grid has.</summary>
    private const double LeastMean = 0.12, TimesTheNext = 2;

    /// <summary>On the file's own grid its own steps hide others that are not clearly larger.</summary>
    private const double LargerThanOwn = 1.5;

    /// <summary>The lowest frequencies, which nearly every block has: row-major places in a block.</summary>
    private static readonly int[] Frequencies = [0, 1, 8, 9, 2, 16, 10, 17, 3, 24];

    private static readonly float[] Basis = [.. Enumerable.Range(0, Side * Side).Select(
        i => (float)(Math.Sqrt((i / Side == 0 ? 1 : 2) / (double)Side) * Math.Cos(((2 * (i % Side)) + 1) * (i / Side) * Math.PI / 16)))];

    private static readonly float[][] Steps = [.. Enumerable.Range(0, MostQuality + 1).Select(quality => quality < LeastQuality ? [] : StepsOf(quality))];

    /// <summary>What somebody reads: "saved before at about QF 20, on a grid moved by 3, 5".</summary>
    public override string ToString() => (X, Y) == (0, 0)
        ? $"saved before at about QF {Quality}"
        : $"saved before at about QF {Quality}, then moved by {(Side - X) % Side}, {(Side - Y) % Side}";

    /// <summary>Finds the save that left the clearest traces; null when none is certain, as for pictures that were scaled since.</summary>
    /// <param name="image">Gray or RGB, with the metadata of its file: what the file says of its own last save is not found again.</param>
    public static EarlierSave? Find(ImageBuffer image)
    {
        if (image.Model == ColourModel.Cmyk || image.Width < 8 * Side || image.Height < 8 * Side)
            return null;
        var (ownX, ownY) = OwnGrid(image);
        float[]? own = image.Metadata.Jpeg is { } jpeg && image.Metadata.StoredOrientation == 1
            ? [.. Frequencies.Select(place => (float)jpeg.LumaTable[place])]
            : null;
        bool isJpeg = image.Metadata.Jpeg is not null;
        var found = new List<(double Certainty, int X, int Y)>();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                bool isOwn = isJpeg && (x, y) == (ownX, ownY);
                if (isOwn && own is null)
                    continue; // a turned picture's own table is turned, too
                var blocks = Coefficients(image, x, y, FewBlocks);
                double best = 0;
                for (int quality = LeastQuality; quality <= MostQuality; quality += CoarseStep)
                    best = Math.Max(best, Score(blocks, Steps[quality], isOwn ? own : null).Certainty);
                found.Add((best, x, y));
            }
        }

        found.Sort((a, b) => b.Certainty.CompareTo(a.Certainty));
        var first = found[0];
        bool onOwn = isJpeg && (first.X, first.Y) == (ownX, ownY);
        if (first.Certainty < (onOwn ? CertainOnOwnGrid : Certain) || first.Certainty < TimesTheNext * found[1].Certainty)
            return null;
        return LikelyQuality(Coefficients(image, first.X, first.Y, ManyBlocks), onOwn ? own : null) is { } likely
            ? new EarlierSave(likely, first.X, first.Y)
            : null;
    }

    /// <summary>Of the qualities that fit well the lowest, and from there the best: halves of a step fit as well as the step.</summary>
    private static int? LikelyQuality(float[] blocks, float[]? own)
    {
        var scores = Enumerable.Range(0, MostQuality + 1).Select(quality => quality < LeastQuality ? default : Score(blocks, Steps[quality], own)).ToArray();
        double certain = scores.Max(score => score.Certainty);
        var sure = scores.Where(score => score.Certainty >= certain / 2).ToArray();
        if (certain <= 0 || sure.Max(score => score.Mean) is var most && most < LeastMean)
            return null;
        int quality = Array.FindIndex(scores, score => score.Mean >= 0.75 * most && score.Certainty >= certain / 2);
        while (quality < MostQuality && scores[quality + 1].Mean >= scores[quality].Mean)
            quality++;
        return quality;
    }

    private static (double Mean, double Certainty) Score(float[] blocks, float[] steps, float[]? own)
    {
        double sum = 0;
        int count = 0;
        for (int f = 0; f < Frequencies.Length; f++)
        {
            float step = steps[f], turn = 2 * MathF.PI / step, least = step / 2;
            if (own is not null && step < LargerThanOwn * own[f])
                continue;
            for (int i = f; i < blocks.Length; i += Frequencies.Length)
            {
                if (MathF.Abs(blocks[i]) <= least)
                    continue;
                sum += MathF.Cos(blocks[i] * turn);
                count++;
            }
        }

        return count < LeastCount ? default : (sum / count, sum / Math.Sqrt(count / 2.0));
    }

    /// <summary>Coefficients of blocks that are spread evenly over the picture.</summary>
    private static float[] Coefficients(ImageBuffer image, int x, int y, int most)
    {
        int across = (image.Width - x) / Side, blocks = across * ((image.Height - y) / Side), count = Math.Min(most, blocks);
        var result = new float[count * Frequencies.Length];
        Span<float> block = stackalloc float[Side * Side], rows = stackalloc float[Side * Side];
        for (int i = 0; i < count; i++)
        {
            int at = (int)((long)i * blocks / count);
            Luma(image, x + (at % across * Side), y + (at / across * Side), block);
            for (int u = 0; u < 4; u++)
            {
                for (int row = 0; row < Side; row++)
                {
                    float sum = 0;
                    for (int k = 0; k < Side; k++)
                        sum += Basis[(u * Side) + k] * block[(row * Side) + k];
                    rows[(u * Side) + row] = sum;
                }
            }

            for (int f = 0; f < Frequencies.Length; f++)
            {
                int u = Frequencies[f] % Side, v = Frequencies[f] / Side;
                float sum = 0;
                for (int k = 0; k < Side; k++)
                    sum += Basis[(v * Side) + k] * rows[(u * Side) + k];
                result[(i * Frequencies.Length) + f] = sum;
            }
        }

        return result;
    }

    private static void Luma(ImageBuffer image, int left, int top, Span<float> block)
    {
        int bands = image.Bands;
        bool rgb = image.Model == ColourModel.Rgb, deep = image.BitsPerSample == 16;
        float scale = 255f / image.MaxValue;
        for (int row = 0; row < Side; row++)
        {
            int at = (((top + row) * image.Width) + left) * bands;
            for (int k = 0; k < Side; k++, at += bands)
            {
                float value = rgb ? (0.299f * Sample(at)) + (0.587f * Sample(at + 1)) + (0.114f * Sample(at + 2)) : Sample(at);
                block[(row * Side) + k] = (value * scale) - 128;
            }
        }

        float Sample(int at) => deep ? image.Data16[at] : image.Data[at];
    }

    /// <summary>Where the file's own blocks begin in the upright picture: turned ones begin at the other edge.</summary>
    private static (int X, int Y) OwnGrid(ImageBuffer image)
    {
        int orientation = image.Metadata.StoredOrientation;
        bool fromRight = orientation is 2 or 3 or 6 or 7, fromBelow = orientation is 3 or 4 or 7 or 8;
        return (fromRight ? image.Width % Side : 0, fromBelow ? image.Height % Side : 0);
    }

    private static float[] StepsOf(int quality)
    {
        ushort[] table = StandardTables.Luma(quality);
        return [.. Frequencies.Select(place => (float)table[place])];
    }
}
