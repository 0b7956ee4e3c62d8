using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Metrics;

namespace Unpress.Tests.Snippets;

public sealed class RestorerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-restorer-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_example_of_the_library_page_brings_a_JPEG_nearer_to_what_it_was()
    {
        var original = Discs();
        string photo = Path.Combine(_folder.FullName, "photo.jpg"), result = Path.Combine(_folder.FullName, "photo.png");
        File.WriteAllBytes(photo, JpegCodec.Instance.Encode(original, new CodecSettings(10)).Bytes);

        Restorer.Restore(photo, result);

        double before = new Psnr().Measure(original, ImageFile.Load(photo)), after = new Psnr().Measure(original, ImageFile.Load(result));
        Assert.True(after > before + 0.5, $"{before:F2} dB became {after:F2}");
    }

    /// <summary>Soft discs of several colours: edges that ring, slopes that show blocks.</summary>
    private static ImageBuffer Discs()
    {
        var image = new ImageBuffer(96, 80, ColourModel.Rgb);
        for (int y = 0; y < image.Height; y++)
            for (int x = 0; x < image.Width; x++)
                for (int band = 0; band < 3; band++)
                {
                    double distance = Math.Sqrt(Math.Pow(x - 30 - 16 * band, 2) + Math.Pow(y - 40, 2));
                    image.Data[(y * image.Width + x) * 3 + band] = (byte)(60 + x + 90 * Math.Clamp(26 - distance, 0, 1));
                }

        return image;
    }
}
