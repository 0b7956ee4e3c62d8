using System.Globalization;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Formats.Png;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Metadata;
using Unpress.Imaging.Workers;

namespace Unpress.Imaging.Tests;

/// <summary>
/// Every parser of ours that reads bytes of strangers, on damaged files: a result or one line, never another exception, in bounded time and
/// memory. The decoder of JPEG coefficients has its own, <see cref="Jpeg.JpegRobustnessTests"/>. UNPRESS_TEST_PICTURE_MUTATIONS sets how
/// many mutations each gets.
/// </summary>
public class ParserMutationTests
{
    private static readonly int Mutations =
        int.TryParse(Environment.GetEnvironmentVariable("UNPRESS_TEST_PICTURE_MUTATIONS"), NumberStyles.None, CultureInfo.InvariantCulture,
            out int many) ? many : 1500;

    private static readonly ImageLimits Limits = new() { MaxPixels = 1_000_000, MaxBytes = 8_000_000 };

    private static readonly Dictionary<string, (Func<byte[][]> Seeds, Action<byte[]> Parse)> Parsers = new()
    {
        ["jpeg header"] = (() => [Jpeg()], bytes => JpegAnatomy.Read(bytes, "fuzz", Limits)),
        ["jpeg extras"] = (() => [Jpeg(), [.. Jpeg(), .. Jpeg()]], bytes => JpegExtras.Find(
            bytes, JpegSegment.ReadAll(bytes), JpegAnatomy.Read(bytes, "x", ImageLimits.Default), Xmp(), bytes.Length / 2)),
        ["bmp"] = (() => [File(ImageFormat.Bmp), File(ImageFormat.Bmp, alpha: true), File(ImageFormat.Bmp, ColourModel.Gray)],
            bytes => BmpReader.Read(bytes, "fuzz", Limits)),
        ["pnm"] = (() => [File(ImageFormat.Ppm), "P1 4 3 0101 1010 1111"u8.ToArray(),
            "P3\n# c\n2 2 300\n1 2 3 4 5 6 7 8 9 10 11 12"u8.ToArray(), "P4 9 2 abcd"u8.ToArray()],
            bytes =>
            {
                if (ImageFormats.Detect(bytes) == ImageFormat.Ppm) // which it is called for
                    PnmReader.Read(bytes, "fuzz", Limits);
            }
        ),
        ["png chunks"] = (() => [Png()], bytes => PngChunks.Read(new MemoryStream(bytes), out _)),
        ["tiff fields"] = (() => [File(ImageFormat.Tiff)], bytes => FileFacts.Read(new MemoryStream(bytes), ImageFormat.Tiff, "fuzz")),
        ["exif"] = (() => [Exif()], bytes =>
        {
            var editor = new ExifEditor(bytes);
            _ = (editor.Orientation, editor.Resolution);
            editor.SetSize(10, 20);
            editor.RemoveThumbnail();
            editor.RemoveGps();
            editor.RemoveResolution();
        }
        ),
        ["xmp"] = (() => [Xmp()], bytes =>
        {
            XmpEditor.Upright(bytes);
            XmpEditor.RemoveGps(bytes);
            XmpEditor.DropStale(bytes, 10, 20);
            XmpEditor.Append(bytes, "a:b=\"c\"");
        }
        ),
        ["heif boxes"] = (() => [File(ImageFormat.Avif)], bytes =>
        {
            HeifBoxes.Sizes(bytes);
            HeifBoxes.Colour(bytes);
            HeifBoxes.LeftOut(bytes);
            HeifBoxes.TakeProfile(bytes);
        }
        ),
        ["jp2 header"] = (() => [Jp2()], bytes => Jp2Header.Read(bytes, "fuzz")),
        ["extent"] = (() => [Jpeg(), Png(), File(ImageFormat.Bmp), File(ImageFormat.Webp), File(ImageFormat.Ppm)],
            bytes => ImageFile.ReadBytes(new MemoryStream(bytes), "fuzz", Limits)),
        ["answer of a worker"] = (() => [Answer()], bytes => PictureWire.Read(new WireReader(new MemoryStream(bytes)), "fuzz", Limits)),
        ["request of a worker"] = (() => [Request()], bytes => WorkerRequest.Read(new WireReader(new MemoryStream(bytes)))),
    };

    public static TheoryData<string> Names => [.. Parsers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Damaged_bytes_give_a_result_or_one_line(string name)
    {
        (Func<byte[][]> seeds, Action<byte[]> parse) = Parsers[name];
        byte[][] files = seeds();
        foreach (byte[] file in files)
            parse(file); // healthy ones are read
        var random = new Random(name.Length);
        for (int i = 0; i < Mutations; i++)
        {
            byte[] bad = Mutated(random, files[i % files.Length]);
            try
            {
                parse(bad);
            }
            catch (Exception e) when (e is InvalidFileException or InvalidDataException or EndOfStreamException)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
            catch (Exception e)
            {
                Assert.Fail($"mutation {i} of {name}: {e}");
            }
        }
    }

    private static byte[] Mutated(Random random, byte[] file)
    {
        byte[] bad = [.. file];
        for (int k = random.Next(1, 5); k > 0; k--)
        {
            int at = random.Next(bad.Length);
            switch (random.Next(6))
            {
                case 0:
                    bad[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bad[at] = (byte)random.Next(256);
                    break;
                case 2: // a length or a size that lies
                    byte extreme = (byte)(random.Next(2) * 255);
                    bad.AsSpan(at, Math.Min(4, bad.Length - at)).Fill(extreme);
                    break;
                case 3 when at > 0:
                    bad = bad[..at];
                    break;
                case 4: // a part again
                    int length = random.Next(Math.Min(64, bad.Length - at) + 1);
                    bad = [.. bad[..(at + length)], .. bad[at..]];
                    break;
                default:
                    bad = [.. bad[..at], .. bad[Math.Min(bad.Length, at + random.Next(1, 16))..], 0];
                    break;
            }
        }

        return bad;
    }

    private static byte[] Jpeg() => JpegCodec.Instance.Encode(Pictures.Make(24, 20), new CodecSettings(50)).Bytes;

    private static byte[] File(ImageFormat format, ColourModel model = ColourModel.Rgb, bool alpha = false) =>
        ImageFile.Encode(WithNotes(Pictures.Make(20, 16, model, alpha)), new SaveOptions { Format = format });

    private static byte[] Png()
    {
        ImageBuffer image = WithNotes(Pictures.Make(20, 16));
        image.Metadata.PngChunks = [new("gAMA", [0, 0, 0xB1, 0x8F]), new("tEXt", [.. "Title\0a picture"u8]), new("tIME", [7, 0xE8, 1, 2, 3, 4, 5])];
        return ImageFile.Encode(image);
    }

    private static ImageBuffer WithNotes(ImageBuffer image)
    {
        (image.Metadata.Exif, image.Metadata.Xmp) = (Exif(), Xmp());
        return image;
    }

    /// <summary>Orientation, resolution, a directory of GPS and one for a thumbnail.</summary>
    private static byte[] Exif() =>
    [
        .. "II*\0"u8, 8, 0, 0, 0, 3, 0,
        0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0,
        0x1A, 1, 5, 0, 1, 0, 0, 0, 68, 0, 0, 0,
        0x25, 0x88, 4, 0, 1, 0, 0, 0, 50, 0, 0, 0,
        0, 0, 0, 0,
        1, 0, 1, 0, 2, 0, 2, 0, 0, 0, (byte)'N', 0, 0, 0, 0, 0, 0, 0,
        72, 0, 0, 0, 1, 0, 0, 0,
    ];

    private static byte[] Xmp() =>
    [
        .. "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='' "u8,
        .. "xmlns:tiff='http://ns.adobe.com/tiff/1.0/' tiff:Orientation='6' tiff:ImageWidth='9' xmlns:exif='http://ns.adobe.com/exif/1.0/' "u8,
        .. "exif:GPSLatitude='1,2N'/></rdf:RDF></x:xmpmeta>"u8,
    ];

    private static byte[] Jp2()
    {
        byte[] size = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0, .. U32(20), .. U32(16), .. U32(0), .. U32(0), .. U32(20), .. U32(16), .. U32(0),
            .. U32(0), 0, 1, 7, 1, 1];
        byte[] header = [.. Box("ihdr", [.. U32(16), .. U32(20), 0, 1, 7, 7, 0, 0]), .. Box("colr", [1, 0, 0, .. U32(16)])];
        return [.. Box("jP  ", [13, 10, 0x87, 10]), .. Box("ftyp", [.. "jp2 "u8, .. U32(0), .. "jp2 "u8]), .. Box("jp2h", header), .. Box("jp2c", size)];
    }

    private static byte[] Box(string type, byte[] payload) => [.. U32(payload.Length + 8), .. System.Text.Encoding.ASCII.GetBytes(type), .. payload];

    private static byte[] U32(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Answer()
    {
        using var memory = new MemoryStream();
        PictureWire.Write(new WireWriter(memory), ImageFile.Load(Jpeg(), "seed"), withFile: true);
        return memory.ToArray();
    }

    private static byte[] Request()
    {
        using var memory = new MemoryStream();
        new WorkerRequest(
            WorkerRequestKind.Save, "seed", Limits, Picture: WithNotes(Pictures.Make(10, 8)), Target: "x",
                Save: new SaveOptions { Format = ImageFormat.Webp }).Write(new WireWriter(memory));
        return memory.ToArray();
    }
}
