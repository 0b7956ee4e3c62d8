using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Tests.Metrics;

namespace Unpress.Tests.Consistency;

/// <summary>A JPEG, its coefficients, and its pixels smoothed: what a network that does not know the file might make of it.</summary>
internal sealed record DamagedPicture(ImageBuffer Original, JpegCoefficients File, ImageBuffer Smoothed)
{
    /// <param name="orientation">Written into the file's EXIF; the smoothed picture is upright.</param>
    public static DamagedPicture Make(
        int width, int height, ColourModel model = ColourModel.Rgb, int quality = 40, ChromaSubsampling subsampling = ChromaSubsampling.C420,
        int orientation = 1)
    {
        var original = TestPictures.Waves(width, height, model);
        byte[] jpeg = JpegCodec.Instance.Encode(original, new CodecSettings(quality, subsampling)).Bytes;
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, .. "Exif\0\0"u8, .. "II*\0"u8, 8, 0, 0, 0,
            1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, (byte)orientation, 0, 0, 0, 0, 0, 0, 0,
        ];
        jpeg = [.. jpeg[..2], .. exif, .. jpeg[2..]];
        return new DamagedPicture(original, JpegCoefficients.Read(jpeg, "test"), Smooth(ImageFile.Load(jpeg, "test")));
    }

    /// <summary>Each sample becomes the mean of itself and its neighbours across, less two levels.</summary>
    private static ImageBuffer Smooth(ImageBuffer image)
    {
        var result = new ImageBuffer(image.Width, image.Height, image.Model) { Metadata = image.Metadata };
        for (int i = 0; i < image.Data.Length; i++)
        {
            int left = Math.Max(0, i - image.Bands), right = Math.Min(image.Data.Length - 1, i + image.Bands);
            result.Data[i] = (byte)Math.Max(0, ((image.Data[left] + image.Data[i] + image.Data[right]) / 3) - 2);
        }
        return result;
    }
}
