using Unpress.Imaging.Formats;

namespace Unpress.Imaging.Tests;

/// <summary>Of a pipe or a long file no more is read than the picture in its header can need.</summary>
public class PictureExtentTests
{
    /// <summary>What an endless stream is asked for before its end is found.</summary>
    private const long Patience = 200 << 20;

    [Fact]
    public void What_is_no_picture_is_refused_by_its_first_bytes()
    {
        var endless = new Endless("y\n"u8.ToArray());
        Assert.Contains("not a picture", Assert.Throws<InvalidFileException>(() => ImageFile.ReadBytes(endless, "standard input")).Reason,
            StringComparison.Ordinal);
        Assert.InRange(endless.Given, 1, 100);
    }

    [Theory]
    [InlineData(ImageFormat.Jpeg)]
    [InlineData(ImageFormat.Png)]
    [InlineData(ImageFormat.Webp)]
    [InlineData(ImageFormat.Bmp)]
    [InlineData(ImageFormat.Ppm)]
    public void What_goes_on_for_ever_behind_a_picture_is_left_there(ImageFormat format)
    {
        ImageBuffer image = Pictures.Make(48, 32);
        byte[] file = ImageFile.Encode(image, new SaveOptions { Format = format });
        var endless = new Endless(file);
        byte[] read = ImageFile.ReadBytes(endless, "pipe");
        Assert.InRange(endless.Given, file.Length, Patience);
        Assert.Equal(ImageFile.Load(file, "alone").Data, ImageFile.Load(read, "pipe").Data);
    }

    [Fact]
    public void A_size_over_the_limit_is_refused_before_the_rest_is_read()
    {
        var endless = new Endless([.. "P6 20000 20000 255\n"u8]);
        Assert.Contains("400 megapixels", Assert.Throws<InvalidFileException>(() => ImageFile.ReadBytes(endless, "pipe")).Reason, StringComparison.Ordinal);
        Assert.InRange(endless.Given, 1, 1 << 20);
    }

    [Fact]
    public void The_limit_can_be_raised_for_what_follows()
    {
        ImageBuffer image = Pictures.Make(48, 32);
        byte[] file = ImageFile.Encode(image);
        ImageLimits.Use(new ImageLimits { MaxPixels = 48 * 32 - 1 });
        Assert.Contains("megapixels", Assert.Throws<InvalidFileException>(() => ImageFile.Load(file, "x")).Reason, StringComparison.Ordinal);
        ImageLimits.Use(new ImageLimits { MaxPixels = 48 * 32 });
        Assert.Equal(image.Data, ImageFile.Load(file, "x").Data);
    }

    [Fact]
    public void An_animation_counts_what_its_decoder_holds()
    {
        byte[] file = Animation(800, 600);
        const long needed = 800L * 600 * (4 + 12);
        ImageFile.Load(file, "x", new ImageLimits { MaxBytes = needed });
        Assert.Contains("take 8 MB", Assert.Throws<InvalidFileException>(
            () => ImageFile.Load(file, "x", new ImageLimits { MaxBytes = needed - 1 })).Reason, StringComparison.Ordinal);
    }

    /// <summary>Two frames, each the whole canvas, of one still WebP.</summary>
    private static byte[] Animation(int width, int height)
    {
        byte[] still = ImageFile.Encode(new ImageBuffer(width, height, ColourModel.Rgb, hasAlpha: true), new SaveOptions { Format = ImageFormat.Webp });
        int at = still.AsSpan().IndexOf("VP8L"u8);
        byte[] picture = still[at..];
        byte[] frame = [.. new byte[6], .. U24(width - 1), .. U24(height - 1), 100, 0, 0, 0, .. picture];
        byte[] body =
        [
            .. "WEBPVP8X"u8, 10, 0, 0, 0, 0x12, 0, 0, 0, .. U24(width - 1), .. U24(height - 1),
            .. "ANIM"u8, 6, 0, 0, 0, .. new byte[6],
            .. "ANMF"u8, .. BitConverter.GetBytes(frame.Length), .. frame, .. "ANMF"u8, .. BitConverter.GetBytes(frame.Length), .. frame,
        ];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];
    }

    private static byte[] U24(int value) => [(byte)value, (byte)(value >> 8), (byte)(value >> 16)];

    /// <summary>Some bytes, then zeros without end.</summary>
    private sealed class Endless(byte[] first) : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => Given; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            if (Given > 10 * Patience)
                throw new InvalidOperationException("read without end");
            buffer.Clear();
            if (Given < first.Length)
                first.AsSpan((int)Given)[..Math.Min(buffer.Length, first.Length - (int)Given)].CopyTo(buffer);
            Given += buffer.Length;
            return buffer.Length;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
