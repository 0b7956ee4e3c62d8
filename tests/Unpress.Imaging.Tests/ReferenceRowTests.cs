using Unpress.Imaging.Codecs;
using Unpress.Testing;

namespace Unpress.Imaging.Tests;

public class ReferenceRowTests
{
    /// <summary>The JPEG row that papers print for LIVE1 in colour, 4:2:0: mean PSNR over RGB.</summary>
    [SharedDataTheory("test/live1")]
    [InlineData(10, 25.69)]
    [InlineData(20, 28.06)]
    [InlineData(30, 29.37)]
    [InlineData(40, 30.28)]
    public void Live1_psnr_of_jpeg_is_the_published_one(int quality, double expected)
    {
        double[] values = [.. Directory.GetFiles(SharedData.Path("test", "live1"), "*.png").Select(path =>
        {
            ImageBuffer image = ImageFile.Load(path);
            return Pictures.Psnr(image, JpegCodec.Instance.Decode(JpegCodec.Instance.Encode(image, new CodecSettings(quality)).Bytes));
        })];
        Assert.Equal(29, values.Length);
        Assert.Equal(expected, values.Average(), 0.006);
    }
}
