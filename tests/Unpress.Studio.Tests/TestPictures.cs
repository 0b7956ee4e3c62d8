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

    /// <summary>The same as AVIF.</summary>
    public static byte[] AvifClaiming(int width, int height)
    {
        byte[] avif = ImageFile.Encode(Scene(64, 48), new SaveOptions { Format = ImageFormat.Avif, Quality = 50, Lossless = false });
        int extent = avif.AsSpan().IndexOf("ispe"u8);
        BinaryPrimitives.WriteInt32BigEndian(avif.AsSpan(extent + 8), width);
        BinaryPrimitives.WriteInt32BigEndian(avif.AsSpan(extent + 12), height);
        return avif;
    }

    /// <summary>A PNG that says it is an animation of so many pictures.</summary>
    public static byte[] PngOfFrames(uint frames)
    {
        byte[] png = Png(), chunk = new byte[20];
        BinaryPrimitives.WriteUInt32BigEndian(chunk, 8);
        "acTL"u8.CopyTo(chunk.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(8), frames);
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(16), Crc32(chunk.AsSpan(4, 12)));
        return [.. png[..33], .. chunk, .. png[33..]];
    }

    /// <summary>A TIFF of so many pages, gray, 8×8, all with the same pixels.</summary>
    public static byte[] TiffOfPages(int pages)
    {
        (ushort Tag, ushort Kind, uint Value)[] entries =
        [
            (256, 3, 8), (257, 3, 8), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (277, 3, 1), (278, 3, 8), (279, 4, 64),
        ];
        int directory = 2 + (entries.Length * 12) + 4;
        byte[] tiff = new byte[8 + 64 + (pages * directory)];
        ReadOnlySpan<byte> header = [0x49, 0x49, 42, 0];
        header.CopyTo(tiff);
        BinaryPrimitives.WriteUInt32LittleEndian(tiff.AsSpan(4), 72);
        for (int page = 0; page < pages; page++)
        {
            var place = tiff.AsSpan(72 + (page * directory), directory);
            BinaryPrimitives.WriteUInt16LittleEndian(place, (ushort)entries.Length);
            for (int k = 0; k < entries.Length; k++)
            {
                BinaryPrimitives.WriteUInt16LittleEndian(place[(2 + (12 * k))..], entries[k].Tag);
                BinaryPrimitives.WriteUInt16LittleEndian(place[(4 + (12 * k))..], entries[k].Kind);
                BinaryPrimitives.WriteUInt32LittleEndian(place[(6 + (12 * k))..], 1);
                BinaryPrimitives.WriteUInt32LittleEndian(place[(10 + (12 * k))..], entries[k].Value);
            }

            BinaryPrimitives.WriteUInt32LittleEndian(place[^4..], page + 1 < pages ? (uint)(72 + ((page + 1) * directory)) : 0);
        }

        return tiff;
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
