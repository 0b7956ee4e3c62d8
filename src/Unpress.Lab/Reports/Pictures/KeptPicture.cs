using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;

namespace Unpress.Lab.Reports.Pictures;

/// <summary>The kept files of one picture at one setting.</summary>
/// <param name="Original">PNG.</param>
/// <param name="Compressed">PNG.</param>
/// <param name="Enhanced">By enhancer: cycle and PNG, the cycles that are shown.</param>
internal sealed record KeptPicture(
    string Set,
    string Picture,
    string Codec,
    int? Setting,
    string Original,
    string Compressed,
    IReadOnlyList<(string Enhancer, IReadOnlyList<(int Cycle, string File)> Cycles)> Enhanced)
{
    /// <summary>A strip of more would be too small to see anything in.</summary>
    public const int MostCycles = 6;

    public IEnumerable<string> Files => [Original, Compressed, .. Enhanced.SelectMany(one => one.Cycles).Select(cycle => cycle.File)];

    /// <summary>Those whose original and compressed picture are there.</summary>
    /// <param name="cycles">Of each enhancer, the most that are wanted: 2 or more.</param>
    public static IReadOnlyList<KeptPicture> Of(LabRun run, int cycles = MostCycles) =>
        [.. from set in run.Facts.Sets
            from picture in set.Pictures
            let original = run.Folder.Raw(set.Name, picture)
            where File.Exists(original)
            from codec in run.Table.Codecs(set.Name)
            from setting in run.Table.Settings(set.Name, codec)
            let compressed = run.Folder.Picture(set.Name, picture, codec, setting, "", 0)
            where File.Exists(compressed)
            select new KeptPicture(set.Name, picture, codec, setting, original, compressed,
                [.. from enhancer in run.Table.Enhancers
                    let shown = Shown(run, set.Name, picture, codec, setting, enhancer, cycles)
                    where shown.Count > 0
                    select (enhancer, (IReadOnlyList<(int, string)>)shown)])];

    /// <summary>All cycles, or answers of a network that has several; of many the first, the last and some between.</summary>
    private static List<(int Cycle, string File)> Shown(LabRun run, string set, string picture, string codec, int? setting, string enhancer, int most)
    {
        List<(int Cycle, string File)> there =
            [.. Enumerable.Range(1, run.Facts.Candidates?.Count ?? run.Table.LastCycle)
                .Select(cycle => (cycle, file: run.Folder.Picture(set, picture, codec, setting, enhancer, cycle)))
                .Where(one => File.Exists(one.file))];
        return there.Count <= most
            ? there
            : [.. Enumerable.Range(0, most).Select(i => there[(int)Math.Round(i * (there.Count - 1) / (most - 1.0))]).Distinct()];
    }
}

/// <summary>The part of a picture that a report shows: the whole would make the page too large.</summary>
internal readonly record struct PictureDetail(int X, int Y, int Width, int Height)
{
    /// <summary>The square of this edge, on the 8×8 grid of the codecs, where compression did most damage; the whole of a picture that is no larger.</summary>
    /// <param name="compressed">Same size and layout as the original.</param>
    public static PictureDetail Worst(ImageBuffer original, ImageBuffer compressed, int edge)
    {
        int width = Math.Min(edge, original.Width), height = Math.Min(edge, original.Height);
        var best = new PictureDetail(0, 0, width, height);
        if (original.Data.Length != compressed.Data.Length)
            return best;
        long most = -1;
        int step = Math.Max(8, edge / 4 / 8 * 8);
        for (int y = 0; y + height <= original.Height; y += step)
        {
            for (int x = 0; x + width <= original.Width; x += step)
            {
                var here = new PictureDetail(x, y, width, height);
                long damage = here.Difference(original, compressed);
                if (damage > most)
                    (most, best) = (damage, here);
            }
        }

        return best;
    }

    /// <summary>This part alone, as WebP without loss, which takes a quarter less than PNG; the colour profile is kept.</summary>
    public byte[] WebP(ImageBuffer image) =>
        ImageFile.Encode(Part(image), new SaveOptions { Format = ImageFormat.Webp, Metadata = MetadataPolicy.None });

    /// <summary>This part alone.</summary>
    public ImageBuffer Part(ImageBuffer image)
    {
        int pixel = image.Bands * (image.BitsPerSample / 8), row = Width * pixel;
        byte[] data = new byte[row * Height];
        for (int y = 0; y < Height; y++)
            image.Data.AsSpan((((Y + y) * image.Width) + X) * pixel, row).CopyTo(data.AsSpan(y * row));
        return new ImageBuffer(Width, Height, image.Model, image.HasAlpha, image.BitsPerSample, data) { Metadata = image.Metadata };
    }

    /// <summary>Every other row is enough to find the worst place.</summary>
    private long Difference(ImageBuffer a, ImageBuffer b)
    {
        int pixel = a.Bands * (a.BitsPerSample / 8);
        long sum = 0;
        for (int y = 0; y < Height; y += 2)
        {
            int start = (((Y + y) * a.Width) + X) * pixel;
            var left = a.Data.AsSpan(start, Width * pixel);
            var right = b.Data.AsSpan(start, Width * pixel);
            for (int i = 0; i < left.Length; i++)
                sum += Math.Abs(left[i] - right[i]);
        }

        return sum;
    }
}
