using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Tests;

/// <summary>Runs when no other test does: it measures the whole process.</summary>
[CollectionDefinition(nameof(MemoryTests), DisableParallelization = true)]
[Collection(nameof(MemoryTests))]
public class MemoryTests
{
    /// <summary>Loads, saves, codec calls and failures, again and again: the process may not grow with their number.</summary>
    [Fact]
    public void Nothing_leaks()
    {
        ImageBuffer image = Pictures.Make(256, 256);
        (ImageFormat Format, byte[] Bytes)[] files =
            [.. new[] { ImageFormat.Jpeg, ImageFormat.Png, ImageFormat.Webp, ImageFormat.Tiff }
                .Select(format => (format, ImageFile.Encode(image, new SaveOptions { Format = format })))];
        var output = new byte[image.Data.Length];
        void Round(int times)
        {
            for (int i = 0; i < times; i++)
            {
                foreach ((ImageFormat format, byte[] bytes) in files)
                {
                    ImageFile.Load(bytes, "whole");
                    Assert.Throws<InvalidFileException>(() => ImageFile.Load(bytes.AsSpan(0, bytes.Length / 2), "cut"));
                    if (format is ImageFormat.Jpeg or ImageFormat.Tiff)
                        ImageFile.Encode(image, new SaveOptions { Format = format });
                }
                JpegCodec.Roundtrip(image.Data, 256, 256, 3, 50, ChromaSubsampling.C420, output);
            }
        }
        Round(30);
        long before = Resident();
        Round(60);
        // One picture is 0.2 MB; 60 rounds handle 600 of them.
        Assert.InRange(Resident() - before, long.MinValue, 36L << 20);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Environment.WorkingSet;
    }
}
