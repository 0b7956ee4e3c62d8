using System.Diagnostics;
using System.Globalization;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;

namespace Unpress.Bench;

/// <summary>The JPEG codec on one thread, in seconds of processor time: training patches (96×96, 4:2:0), and a large picture.</summary>
internal static class JpegBench
{
    private const int Side = 96, Patches = 200;

    /// <param name="picture">A picture of at least 96×96 pixels.</param>
    public static void Run(string picture)
    {
        ImageBuffer image = ImageFile.Load(picture);
        if (image.Bands != 3 || image.BitsPerSample != 8)
            throw new ArgumentException("an 8-bit RGB picture is needed");
        byte[][] patches = Cut(image);
        byte[] output = new byte[Side * Side * 3];
        foreach (int quality in new[] { 10, 40, 75 })
        {
            Measure($"patches of {Side}x{Side} a second, QF {quality}", Patches,
                () => Array.ForEach(patches, patch => JpegCodec.Roundtrip(patch, Side, Side, 3, quality, ChromaSubsampling.C420, output)));
        }

        ImageBuffer large = Tile(image, 4000, 3000);
        byte[] jpeg = JpegCodec.Instance.Encode(large, new CodecSettings(75)).Bytes;
        double pixels = large.Width * large.Height / 1e6;
        Measure("megapixels a second, encoded at QF 75", pixels,
            () => JpegCodec.Instance.Encode(large, new CodecSettings(75)));
        Measure("megapixels a second, decoded", pixels,
            () => JpegCodec.Instance.Decode(jpeg));
        Measure("megapixels a second, coefficients", pixels,
            () => JpegCoefficients.Read(jpeg, "large"));
    }

    // The best of five turns: other programs take time away, and none gives it.
    private static void Measure(string what, double count, Action action)
    {
        double best = double.MaxValue;
        Seconds(action, 1);
        for (int turn = 0; turn < 5; turn++)
            best = Math.Min(best, Seconds(action, 0.3));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-44} {count / best,10:N0}"));
    }

    private static double Seconds(Action action, double atLeast)
    {
        using var process = Process.GetCurrentProcess();
        TimeSpan start = process.TotalProcessorTime;
        for (int times = 1; ; times++)
        {
            action();
            process.Refresh();
            double spent = (process.TotalProcessorTime - start).TotalSeconds;
            if (spent >= atLeast)
                return spent / times;
        }
    }

    private static byte[][] Cut(ImageBuffer image)
    {
        var random = new Random(1);
        var patches = new byte[Patches][];
        for (int i = 0; i < Patches; i++)
        {
            int left = random.Next(image.Width - Side + 1), top = random.Next(image.Height - Side + 1);
            patches[i] = new byte[Side * Side * 3];
            for (int y = 0; y < Side; y++)
                image.Data.AsSpan((((top + y) * image.Width) + left) * 3, Side * 3).CopyTo(patches[i].AsSpan(y * Side * 3));
        }

        return patches;
    }

    private static ImageBuffer Tile(ImageBuffer image, int width, int height)
    {
        var large = new ImageBuffer(width, height, ColourModel.Rgb);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = (((y % image.Height) * image.Width) + (x % image.Width)) * 3;
                image.Data.AsSpan(from, 3).CopyTo(large.Data.AsSpan(((y * width) + x) * 3));
            }
        }

        return large;
    }
}
