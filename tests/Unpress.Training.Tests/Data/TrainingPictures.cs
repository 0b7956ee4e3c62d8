using System.Globalization;
using System.Text;
using Unpress.Data;
using Unpress.Imaging;

namespace Unpress.Tests.Data;

/// <summary>A folder of small made pictures (PPM and PGM) and their pack, gone after the test.</summary>
internal sealed class TrainingPictures : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("unpress-data-").FullName;

    public TrainingPictures(params (int Width, int Height, int Bands)[] sizes)
    {
        Directory.CreateDirectory(Folder);
        for (int i = 0; i < sizes.Length; i++)
            Write($"{i:00}", sizes[i].Width, sizes[i].Height, sizes[i].Bands, i);
    }

    public string Folder => Path.Combine(_root, "pictures");

    public string Cache => Path.Combine(_root, "cache");

    public PackedImages Open(int minSize = 1, bool halve = false, bool preload = false, int? side = null) =>
        PackedImages.Open([new TrainingFolder { Path = Folder, Halve = halve }], minSize, Cache, Decode, preload, side: side);

    public void Write(string name, int width, int height, int bands, int seed)
    {
        byte[] header = Encoding.ASCII.GetBytes($"{(bands == 3 ? "P6" : "P5")}\n{width} {height}\n255\n");
        File.WriteAllBytes(Path.Combine(Folder, name + (bands == 3 ? ".ppm" : ".pgm")), [.. header, .. Pixels(width, height, bands, seed)]);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; no other file.</summary>
    public static ImageBuffer Decode(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        string[] header = Encoding.ASCII.GetString(bytes, 0, Math.Min(bytes.Length, 30)).Split('\n', ' ');
        int width = int.Parse(header[1], CultureInfo.InvariantCulture), height = int.Parse(header[2], CultureInfo.InvariantCulture);
        var model = header[0] == "P6" ? ColourModel.Rgb : ColourModel.Gray;
        return new ImageBuffer(width, height, model, data: bytes[^(width * height * (model == ColourModel.Rgb ? 3 : 1))..]);
    }

    /// <summary>Smooth waves, different in every direction and channel, so that any wrong turn or shift shows.</summary>
    public static byte[] Pixels(int width, int height, int bands, int seed)
    {
        byte[] pixels = new byte[width * height * bands];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int band = 0; band < bands; band++)
                {
                    double wave = Math.Sin((x * 0.21) + (y * 0.13) + seed) + Math.Sin((x * 0.05) - (y * 0.17) + (band * 0.4)) + (x * y / 9000.0);
                    pixels[(((y * width) + x) * bands) + band] = (byte)Math.Clamp(110 + (45 * wave), 0, 255);
                }
            }
        }

        return pixels;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
