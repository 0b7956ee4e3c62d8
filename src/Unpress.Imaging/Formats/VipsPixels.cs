using System.Buffers;
using NetVips;

namespace Unpress.Imaging.Formats;

/// <summary>
/// Decodes a picture that libvips has opened, strip by strip, top to bottom, straight into our buffer: there is no second copy of the picture, and
/// no other thread. Strips are small enough for the processor's cache.
/// </summary>
internal static unsafe class VipsPixels
{
    private const int StripBytes = 256 << 10;

    /// <param name="pixels">As large as the picture.</param>
    /// <param name="orientation">EXIF's 1–8, as stored: the pixels come out upright.</param>
    /// <exception cref="VipsException">Damaged.</exception>
    public static void Read(Image image, byte[] pixels, int orientation)
    {
        int pixelBytes = image.Bands * SampleBytes(image);
        if (pixels.LongLength != (long)image.Width * image.Height * pixelBytes)
            throw new ArgumentException("the buffer does not fit the picture", nameof(pixels));
        int rows = StripRows(image, pixelBytes);
        if (orientation <= 1)
            ReadUpright(image, pixels, rows);
        else
            // Columns become rows: more of them at once are longer runs in the target.
            ReadTurned(image, pixels, Math.Max(rows, 64), new PixelPlacement(orientation, image.Width, image.Height, pixelBytes));
    }

    /// <summary>1 or 2.</summary>
    public static int SampleBytes(Image image) => image.Format == Enums.BandFormat.Ushort ? 2 : 1;

    /// <summary>Of multiples of the 8 or 16 rows that decoders make at once.</summary>
    private static int StripRows(Image image, int pixelBytes) =>
        Math.Clamp(StripBytes / Math.Max(1, image.Width * pixelBytes) / 16 * 16, 16, 256);

    private static void ReadUpright(Image image, byte[] pixels, int rows)
    {
        fixed (byte* memory = pixels)
        {
            using Image target = Wrap(image, memory, pixels.LongLength, image.Height);
            using var strips = new Strips(image, target);
            for (int top = 0; top < image.Height; top += rows)
                strips.Read(top, Math.Min(rows, image.Height - top), top);
        }
    }

    private static void ReadTurned(Image image, byte[] pixels, int rows, PixelPlacement placement)
    {
        int stride = pixels.Length / image.Height;
        byte[] strip = ArrayPool<byte>.Shared.Rent(checked(stride * rows));
        try
        {
            fixed (byte* memory = strip)
            {
                using Image target = Wrap(image, memory, (long)stride * rows, rows);
                using var strips = new Strips(image, target);
                for (int top = 0; top < image.Height; top += rows)
                {
                    int count = Math.Min(rows, image.Height - top);
                    strips.Read(top, count, 0);
                    placement.Place(strip.AsSpan(0, stride * count), pixels, top);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(strip);
        }
    }

    private static Image Wrap(Image like, byte* memory, long bytes, int rows) =>
        Image.NewFromMemory((nint)memory, (ulong)bytes, like.Width, rows, like.Bands, like.Format);

    /// <summary>A region on the picture that is decoded, and one on the memory that the pixels go to.</summary>
    private readonly struct Strips : IDisposable
    {
        private readonly nint _from;
        private readonly nint _to;
        private readonly int _width;

        public Strips(Image from, Image to)
        {
            _width = from.Width;
            _from = NativeVips.vips_region_new(from.DangerousGetHandle());
            _to = NativeVips.vips_region_new(to.DangerousGetHandle());
        }

        public void Read(int top, int rows, int targetTop)
        {
            var source = new NativeVips.Rectangle { Top = top, Width = _width, Height = rows };
            var target = source with { Top = targetTop };
            if (NativeVips.vips_region_image(_to, &target) != 0 || NativeVips.vips_region_prepare_to(_from, _to, &source, 0, targetTop) != 0)
                throw new VipsException("the pixels cannot be decoded");
        }

        public void Dispose()
        {
            NativeVips.g_object_unref(_from);
            NativeVips.g_object_unref(_to);
        }
    }
}
