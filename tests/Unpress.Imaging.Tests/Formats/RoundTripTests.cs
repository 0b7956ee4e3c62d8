using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Tests.Formats;

public class RoundTripTests
{
    /// <summary>Every layout that each container keeps exactly.</summary>
    public static TheoryData<ImageFormat, ColourModel, bool, int> Lossless()
    {
        var data = new TheoryData<ImageFormat, ColourModel, bool, int>();
        foreach (int bits in new[] { 8, 16 })
        {
            foreach (ImageFormat format in new[] { ImageFormat.Png, ImageFormat.Tiff })
            {
                foreach (ColourModel model in new[] { ColourModel.Gray, ColourModel.Rgb })
                {
                    data.Add(format, model, false, bits);
                    data.Add(format, model, true, bits);
                }
            }
            data.Add(ImageFormat.Ppm, ColourModel.Gray, false, bits);
            data.Add(ImageFormat.Ppm, ColourModel.Rgb, false, bits);
            data.Add(ImageFormat.Tiff, ColourModel.Cmyk, false, bits);
            data.Add(ImageFormat.Tiff, ColourModel.Cmyk, true, bits);
        }
        data.Add(ImageFormat.Bmp, ColourModel.Gray, false, 8);
        data.Add(ImageFormat.Bmp, ColourModel.Rgb, false, 8);
        data.Add(ImageFormat.Bmp, ColourModel.Rgb, true, 8);
        data.Add(ImageFormat.Webp, ColourModel.Rgb, false, 8);
        data.Add(ImageFormat.Webp, ColourModel.Rgb, true, 8);
        return data;
    }

    [Theory]
    [MemberData(nameof(Lossless))]
    public void Every_sample_survives(ImageFormat format, ColourModel model, bool alpha, int bits)
    {
        ImageBuffer image = Pictures.Make(53, 37, model, alpha, bits);
        byte[] bytes = ImageFile.Encode(image, new SaveOptions { Format = format });
        ImageBuffer read = ImageFile.Load(bytes, "test");
        Assert.Equal((53, 37, model, alpha, bits), (read.Width, read.Height, read.Model, read.HasAlpha, read.BitsPerSample));
        Assert.Equal(image.Data, read.Data);
        Assert.Equal(ImageFormats.Name(format), read.Metadata.SourceFormat);
    }

    [Theory]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Tiff)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Bmp)]
    public void Colours_hidden_under_full_transparency_stay(ImageFormat format)
    {
        ImageBuffer image = Pictures.Make(32, 32, alpha: true);
        for (int i = 3; i < image.Data.Length; i += 4)
            image.Data[i] = (byte)(i % 3 == 0 ? 0 : 128);
        Assert.Equal(image.Data, ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = format }), "test").Data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Avif_keeps_every_sample_of_rgb(bool alpha)
    {
        ImageBuffer image = Pictures.Make(64, 48, ColourModel.Rgb, alpha);
        ImageBuffer read = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Avif }), "test");
        Assert.Equal("avif", read.Metadata.SourceFormat);
        Assert.Equal(image.Data, read.Data);
    }

    [Theory]
    [InlineData(ColourModel.Gray, false)]
    [InlineData(ColourModel.Gray, true)]
    [InlineData(ColourModel.Rgb, false)]
    [InlineData(ColourModel.Rgb, true)]
    public void Avif_keeps_ten_bits_of_deep_pictures(ColourModel model, bool alpha)
    {
        ImageBuffer image = Pictures.Make(64, 48, model, alpha, bits: 16);
        ImageBuffer read = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Avif }), "test");
        Assert.Equal((64, 48, ColourModel.Rgb, alpha, 16), (read.Width, read.Height, read.Model, read.HasAlpha, read.BitsPerSample));
        for (int i = 0; i < 64 * 48; i++)
            Assert.InRange(read.Sample(i % 64, i / 64, 1) - image.Sample(i % 64, i / 64, image.ColourBands / 2), -512, 512);
    }

    [Theory]
    [InlineData(ColourModel.Gray)]
    [InlineData(ColourModel.Rgb)]
    [InlineData(ColourModel.Cmyk)]
    public void Jpeg_files_are_close_and_keep_their_colour_model(ColourModel model)
    {
        ImageBuffer image = Pictures.Make(64, 48, model);
        byte[] bytes = ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Jpeg, Quality = 97 });
        ImageBuffer read = ImageFile.Load(bytes, "test");
        Assert.Equal(model, read.Model);
        Assert.True(Pictures.Psnr(image, read) > 38, $"{Pictures.Psnr(image, read)} dB");
        if (model == ColourModel.Rgb)
            Assert.Equal((ChromaSubsampling.C444, 97), (read.Metadata.Jpeg!.Subsampling!.Value, read.Metadata.Jpeg.Quality.Quality));
    }

    [Fact]
    public void A_jpeg_file_decodes_to_the_codecs_pixels()
    {
        byte[] bytes = JpegCodec.Instance.Encode(Pictures.Make(61, 43), new CodecSettings(25)).Bytes;
        Assert.Equal(JpegCodec.Instance.Decode(bytes).Data, ImageFile.Load(bytes, "test").Data);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gray_becomes_equal_bands_in_webp(bool alpha)
    {
        ImageBuffer image = Pictures.Make(20, 10, ColourModel.Gray, alpha);
        ImageBuffer read = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = ImageFormat.Webp }), "test");
        Assert.Equal((ColourModel.Rgb, alpha), (read.Model, read.HasAlpha));
        for (int i = 0; i < 200; i++)
        {
            for (int band = 0; band < 3; band++)
                Assert.Equal(image.Sample(i % 20, i / 20, 0), read.Sample(i % 20, i / 20, band));
            if (alpha)
                Assert.Equal(image.Sample(i % 20, i / 20, 1), read.Sample(i % 20, i / 20, 3));
        }
    }

    [Fact]
    public void A_large_png_of_many_strips_is_whole()
    {
        ImageBuffer image = Pictures.Make(1201, 900);
        ImageBuffer read = ImageFile.Load(ImageFile.Encode(image), "test");
        Assert.True(image.Data.AsSpan().SequenceEqual(read.Data));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 300)]
    [InlineData(300, 1)]
    public void Thin_pictures_survive(int width, int height)
    {
        ImageBuffer image = Pictures.Make(width, height);
        foreach (ImageFormat format in new[] { ImageFormat.Png, ImageFormat.Tiff, ImageFormat.Webp, ImageFormat.Bmp, ImageFormat.Ppm })
            Assert.Equal(image.Data, ImageFile.Load(ImageFile.Encode(image, new SaveOptions { Format = format }), "test").Data);
    }

    [Fact]
    public void Depth_changes_only_when_asked()
    {
        ImageBuffer image = Pictures.Make(16, 16);
        ImageBuffer deep = ImageFile.Load(ImageFile.Encode(image, new SaveOptions { BitsPerSample = 16 }), "test");
        Assert.Equal(16, deep.BitsPerSample);
        Assert.Equal(image.Data[5] * 257, deep.Data16[5]);
        ImageBuffer back = ImageFile.Load(ImageFile.Encode(deep, new SaveOptions { BitsPerSample = 8 }), "test");
        Assert.Equal(image.Data, back.Data);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg, ColourModel.Rgb, true, "transparency")]
    [InlineData(ImageFormat.Ppm, ColourModel.Gray, true, "transparency")]
    [InlineData(ImageFormat.Png, ColourModel.Cmyk, false, "CMYK")]
    [InlineData(ImageFormat.Webp, ColourModel.Cmyk, false, "CMYK")]
    public void What_a_format_cannot_hold_is_refused(ImageFormat format, ColourModel model, bool alpha, string word)
    {
        ImageBuffer image = Pictures.Make(8, 8, model, alpha);
        var error = Assert.Throws<InvalidFileException>(() => ImageFile.Encode(image, new SaveOptions { Format = format }, "a.x"));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }
}
