using System.Buffers.Binary;
using Unpress.Imaging;
using Unpress.Imaging.Formats;

namespace Unpress.Studio.Tests;

/// <summary>Pictures and what is none, made here.</summary>
internal static class TestPictures
{
    /// <summary>Something with edges and slopes in it.</summary>
    public static ImageBuffer Scene(int width, int height, bool alpha = false, int bits = 8)
    {
        var image = new ImageBuffer(width, height, ColourModel.Rgb, alpha, bits);
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                bool inside = Math.Pow(x - (width / 2.0), 2) + Math.Pow(y - (height / 2.0), 2) < Math.Pow(Math.Min(width, height) / 3.0, 2);
                int[] colour = inside ? [220, 60 + (x * 100 / width), 40] : [40 + (x * 150 / width), 90, 60 + (y * 150 / height)];
                for (int band = 0; band < image.Bands; band++)
                {
                    int value = band == 3 ? (x < width / 2 ? 255 : 0) : colour[band];
                    int index = (((y * width) + x) * image.Bands) + band;
                    if (bits == 8)
                        image.Data[index] = (byte)value;
                    else
                        image.Data16[index] = (ushort)(value * 257);
                }
            }
        }

        return image;
    }

    public static byte[] Jpeg(int quality = 20, int width = 160, int height = 120)
        => ImageFile.Encode(Scene(width, height), new SaveOptions { Format = ImageFormat.Jpeg, Quality = quality, Subsampling = ChromaSubsampling.C420 });

    public static byte[] Png(bool alpha = false, int bits = 8) => ImageFile.Encode(Scene(64, 48, alpha, bits), new SaveOptions { Format = ImageFormat.Png });

    /// <summary>The header of a JPEG that claims to be large, with nothing behind it.</summary>
    public static byte[] JpegClaiming(int width, int height)
    {
        byte[] jpeg = Jpeg();
        int frame = jpeg.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 5), (ushort)height);
        BinaryPrimitives.WriteUInt16BigEndian(jpeg.AsSpan(frame + 7), (ushort)width);
        return jpeg;
    }

    /// <summary>The same as PNG.</summary>
    public static byte[] PngClaiming(int width, int height)
    {
        byte[] png = Png();
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Crc32(png.AsSpan(12, 17)));
        return png;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = 0xFFFFFFFF;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }

        return ~crc;
    }
}
