using Unpress.Imaging.Jpeg;

namespace Unpress.Imaging.Tests.Jpeg;

/// <summary>One generated picture with a way to compress it; the number decides everything.</summary>
internal sealed class JpegCase
{
    private static readonly (int H, int V)[][] Samplings =
    [
        [(2, 2), (1, 1), (1, 1)], [(2, 1), (1, 1), (1, 1)], [(1, 1), (1, 1), (1, 1)], [(1, 2), (1, 1), (1, 1)],
        [(4, 1), (1, 1), (1, 1)], [(1, 4), (1, 1), (1, 1)], [(4, 2), (1, 1), (1, 1)], [(2, 2), (2, 1), (1, 2)],
        [(4, 1), (2, 1), (1, 1)], [(2, 4), (1, 1), (1, 1)], [(1, 1), (2, 2), (1, 1)], [(3, 1), (1, 1), (1, 1)],
        [(3, 2), (1, 2), (1, 1)], [(2, 2), (1, 2), (2, 1)], [(2, 2), (2, 2), (1, 1)], [(1, 3), (1, 1), (1, 1)],
    ];

    public JpegCase(int number)
    {
        var random = new Random(number);
        (Width, Height) = (random.Next(1, 71), random.Next(1, 71));
        bool gray = random.Next(4) == 0;
        Quality = random.Next(1, 101);
        Subsampling = (ChromaSubsampling)random.Next(3);
        Image = Picture(random, Width, Height, gray ? ColourModel.Gray : ColourModel.Rgb, number % 5);
        (int H, int V)[] sampling = gray ? [(random.Next(1, 5), random.Next(1, 5))] : Samplings[random.Next(Samplings.Length)];
        int slots = random.Next(1, 4);
        Factors = [.. sampling.SelectMany((f, i) => new[] { f.H, f.V, Math.Min(i, slots - 1) })];
        Tables = [.. Enumerable.Range(0, 4).SelectMany(_ => Table(random, random.Next(5)))];
    }

    public int Width { get; }

    public int Height { get; }

    public int Quality { get; }

    public ChromaSubsampling Subsampling { get; }

    public ImageBuffer Image { get; }

    /// <summary>Horizontal, vertical and table of each component.</summary>
    public int[] Factors { get; }

    /// <summary>4 × 64 steps, natural order.</summary>
    public ushort[] Tables { get; }

    public ushort[][] TableSlots => [.. Enumerable.Range(0, 4).Select(i => Tables[(64 * i)..(64 * (i + 1))])];

    public JpegLayout Layout
    {
        get
        {
            (int H, int V, int Table)[] factors = [.. Factors.Chunk(3).Select(f => (f[0], f[1], f[2]))];
            double across = 8 * factors.Max(f => f.H), down = 8 * factors.Max(f => f.V);
            return new JpegLayout(Width, Height, [.. factors.Select((f, i) => new JpegComponent(
                i + 1, f.H, f.V, f.Table, (int)Math.Ceiling(Width * f.H / across), (int)Math.Ceiling(Height * f.V / down)))]);
        }
    }

    // In whole numbers, so that every machine makes the same.
    private static ImageBuffer Picture(Random random, int width, int height, ColourModel model, int kind)
    {
        var image = new ImageBuffer(width, height, model);
        byte[] data = image.Data;
        int across = random.Next(1, 9), down = random.Next(1, 9), size = random.Next(3, 20), flat = random.Next(256);
        for (int i = 0; i < data.Length; i++)
        {
            int band = i % image.Bands, x = i / image.Bands % width, y = i / image.Bands / width;
            int slope = Math.Abs((((x * across) + (y * down) + (60 * band)) % 400) - 200);
            data[i] = (byte)(kind switch
            {
                0 => slope,
                1 => slope + ((x / size) + (y / size)) % 2 * 40 + random.Next(10),
                2 => random.Next(256),
                3 => flat,
                _ => random.Next(2) * 255,
            });
        }

        return image;
    }

    private static IEnumerable<ushort> Table(Random random, int kind)
    {
        int[] largest = [1, 8, 100, 255, 4000];
        for (int i = 0; i < 64; i++)
            yield return (ushort)random.Next(1, largest[kind] + 1);
    }
}
