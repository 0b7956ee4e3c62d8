using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using NetVips;
using Unpress.Imaging;

namespace Unpress.Cli.Tests;

/// <summary>
/// Files of the kinds that real complaints were about, made by code, so that their tests run on every machine. The names are those of the real files.
/// </summary>
internal static class CaseFiles
{
    private const string Guid = "0123456789ABCDEF0123456789ABCDEF";

    private static readonly Dictionary<string, Func<byte[]>> Makers = new(StringComparer.Ordinal)
    {
        ["01-16bit-to-avif/g16.png"] = () => Deep(1),
        ["01-16bit-to-avif/ga16.png"] = () => Deep(2),
        ["01-16bit-to-avif/rgb16.png"] = () => Deep(3),
        ["01-16bit-to-avif/rgba16.png"] = () => Deep(4),
        ["02-same-name-two-folders/a/x.jpg"] = () => Jpeg(24, 16),
        ["02-same-name-two-folders/b/x.jpg"] = () => Jpeg(16, 24),
        ["04-misspelt-option/full.jpg"] = () => Jpeg(40, 32),
        ["05-option-of-wrong-type/c_17x16.jpg"] = () => Jpeg(17, 16),
        ["07-recipe-unclosed-bracket/lab.yaml"] = () => "name: x\nnetwork: {type: arcnn\nb: 1\n"u8.ToArray(),
        ["07-recipe-unclosed-bracket/t_brace.yaml"] = () => "name: t\noptimiser: { type: adam, lr: 1e-4\ndata:\n  batch: 2\n"u8.ToArray(),
        ["08-only-one-of-several-pictures/anim.webp"] = () => Pages(image => image.WebpsaveBuffer(lossless: true)),
        ["08-only-one-of-several-pictures/multi.tif"] = () => Pages(image => image.TiffsaveBuffer()),
        ["08-only-one-of-several-pictures/stereo.jpg"] = () => [.. Jpeg(40, 30), .. Jpeg(40, 30)],
        ["08-only-one-of-several-pictures/motion.jpg"] = () => [.. Jpeg(40, 30), 0, 0, 0, 24, .. "ftypmp42"u8, 0, 0, 0, 0, .. "mp42isom"u8],
        ["09-stale-xmp/ultrahdr.jpg"] = () => [.. JpegWithXmp("hdrgm:Version=\"1.0\" xmlns:Container=\"http://ns.google.com/photos/1.0/container/\"",
            "<Container:Directory><rdf:Seq/></Container:Directory>"), .. Jpeg(20, 15)],
        ["09-stale-xmp/motion.jpg"] = () => JpegWithXmp("GCamera:MotionPhoto=\"1\" GCamera:MicroVideoOffset=\"24\"", ""),
        ["09-stale-xmp/ext.jpg"] = () => WithExtendedXmp(JpegWithXmp($"xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" xmpNote:HasExtendedXMP=\"{Guid}\"", "")),
        ["09-stale-xmp/full.jpg"] = () => JpegWithXmp("", "<tiff:ImageWidth>999</tiff:ImageWidth>"),
        ["10-colour-description-lost/cicp_p3.png"] = () => PngWith(Png(3), ("cICP", [12, 13, 0, 1])),
        ["10-colour-description-lost/cicp_pq.png"] = () => PngWith(Png(3), ("cICP", [9, 16, 0, 1])),
        ["10-colour-description-lost/gama10.png"] = () => PngWith(Png(3), ("gAMA", [0, 1, 0x86, 0xA0])),
        ["11-float-rgb-tiff/rgbf32.tif"] = () => Picture(40, 30, 3).Cast(Enums.BandFormat.Float).TiffsaveBuffer(),
        ["11-float-rgb-tiff/float_0_1.tif"] = () => (Picture(40, 30, 1) / 255).Cast(Enums.BandFormat.Float).TiffsaveBuffer(),
        ["12-cmyk-jpeg-without-adobe-marker/cmyk_adobe.jpg"] = Cmyk,
        ["12-cmyk-jpeg-without-adobe-marker/cmyk_noadobe.jpg"] = () => Without(Cmyk(), 0xEE),
        ["14-invented-resolution/rgb8.png"] = () => ImageFile.Encode(new ImageBuffer(40, 30, ColourModel.Rgb)),
        ["14-invented-resolution/lossy.webp"] = () => Picture(40, 30, 3).WebpsaveBuffer(q: 50, keep: Enums.ForeignKeep.None),
        ["14-invented-resolution/pic.ppm"] = () => [.. "P6\n20 10\n255\n"u8, .. new byte[600]],
        ["15-pipes-in-a-folder/c_17x16.jpg"] = () => Jpeg(17, 16),
        ["18-healthy-called-damaged/sof3.jpg"] = () => OfAnotherKind(Jpeg(40, 30), 0xC3),
        ["18-healthy-called-damaged/sof55.jpg"] = () => OfAnotherKind(Jpeg(40, 30), 0xF7),
        ["18-healthy-called-damaged/prec12.jpg"] = () => WithFrameByte(OfAnotherKind(Jpeg(40, 30), 0xC1), 4, 12),
        ["18-healthy-called-damaged/dnl_zero.jpg"] = () => WithFrameByte(WithFrameByte(Jpeg(40, 30), 5, 0), 6, 0),
        ["18-healthy-called-damaged/i32.tif"] = () => Picture(40, 30, 1).Cast(Enums.BandFormat.Int).TiffsaveBuffer(),
        ["18-healthy-called-damaged/float_0_1.tif"] = () => (Picture(40, 30, 1) / 255).Cast(Enums.BandFormat.Float).TiffsaveBuffer(),
        ["18-healthy-called-damaged/rgbf16.tif"] = () => HalfFloat(),
        ["19-no-way-to-take-what-decodes/no_eoi.jpg"] = () => Jpeg(321, 243)[..^2],
        ["19-no-way-to-take-what-decodes/trunc50.jpg"] = () => Jpeg(321, 243) is var whole ? whole[..(whole.Length / 2)] : [],
        ["20-resume-is-failure/c_17x16.jpg"] = () => Jpeg(17, 16),
        ["21-png-text-lost/text.png"] = () => PngWith(
            Png(3), ("tEXt", [.. "parameters\0steps 20"u8]), ("tEXt", [.. "Title\0A hill"u8]), ("tIME", [7, 0xEA, 1, 2, 3, 4, 5])),
        ["24-lossless-that-is-not/rgb16.png"] = () => Deep(3),
        ["25-consistent-odd/noninter_only_y.jpg"] = () => WithoutColourScans(Picture(64, 48, 1).JpegsaveBuffer(q: 30)),
        ["25-consistent-odd/prog_1scan.jpg"] = () => Scans(1, Picture(64, 48, 3).JpegsaveBuffer(q: 30, interlace: true)),
        ["25-consistent-odd/prog_half.jpg"] = () => Scans(5, Picture(64, 48, 3).JpegsaveBuffer(q: 30, interlace: true)),
        ["26-json-with-stdout/c_17x16.jpg"] = () => Jpeg(17, 16),
        ["30-attacks/avif16/RGB16_16x16.png"] = () => Deep(3, 16, 16),
        ["30-attacks/bomb/p_16384_rgba16.png"] = () => PngOf(
            Chunk("IHDR", [0, 0, 64, 0, 0, 0, 64, 0, 16, 6, 0, 0, 0]), Chunk("IDAT", [120, 156, 1]), Chunk("IEND", [])),
        ["30-attacks/heic_empty/8000x8.png"] = () => Picture(8000, 8, 3).PngsaveBuffer(),
        ["30-attacks/pnm/q4000.pbm"] = () => "P1\n4000 4000\n1 0 1\n"u8.ToArray(),
        ["30-attacks/pnm/q4000.ppm"] = () => "P3\n4000 4000\n255\n1 0 1\n"u8.ToArray(),
        ["30-attacks/pnm/n_p4.pbm"] = () => "P4\n96 65535\n$"u8.ToArray(),
        ["30-attacks/pnm/n_p2.pgm"] = () => "P2\n20016\n255\n169 170 172 171"u8.ToArray(),
        ["30-attacks/weights/np_bomb.npz"] = () => Npz("{'descr': '<f4', 'fortran_order': False, 'shape': (75000000000,), }", 64),
        ["30-attacks/weights/np_shape.npz"] = () => Npz("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }", 64),
        ["30-attacks/xmp/p_xmpnest100000.png"] = () => PngWith(
            Png(3), ("iTXt", [.. "XML:com.adobe.xmp\0\x01\0\0\0"u8, .. Zipped(Nest("<a>", 100_000, "</a>"))])),
        ["30-attacks/yaml/deep.yaml"] = () => Encoding.ASCII.GetBytes("a: " + new string('[', 100_000)),
        ["30-attacks/yaml/deepmap.yaml"] = () => Nest("{a: ", 25_000, ""),
        ["30-attacks/yaml/self.yaml"] = () => "name: &a [*a]\n"u8.ToArray(),
        ["30-attacks/yaml/extzero.yaml"] = () => "extends: /dev/zero\n"u8.ToArray(),
        ["30-attacks/yaml/laughs.yaml"] = () => Encoding.ASCII.GetBytes("a: &a [lol]\n" + string.Concat(Enumerable.Range(0, 9).Select(Laughs))),
    };

    private static string Laughs(int depth)
    {
        char own = (char)('b' + depth), inner = (char)('a' + depth);
        return $"{own}: &{own} [{string.Join(",", Enumerable.Repeat($"*{inner}", 9))}]\n";
    }

    /// <summary>The names of the made files of a folder of cases, without the folder.</summary>
    public static IEnumerable<string> Names(string folder) =>
        Makers.Keys.Where(name => name.StartsWith(folder + "/", StringComparison.Ordinal)).Select(name => name[(folder.Length + 1)..]);

    /// <summary>Writes a made file below <paramref name="root"/> and returns its path; null where this file is not made by code.</summary>
    public static string? Make(string root, string name)
    {
        if (!Makers.TryGetValue(name, out Func<byte[]>? maker))
            return null;
        string path = Path.Combine(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, maker());
        return path;
    }

    private static byte[] Jpeg(int width, int height) => Picture(width, height, 3).JpegsaveBuffer(q: 30);

    private static byte[] Png(int bands) => Picture(83, 61, bands).PngsaveBuffer();

    private static byte[] Deep(int bands, int width = 83, int height = 61)
    {
        Image plane = (Picture(width, height, bands) * 257).Cast(Enums.BandFormat.Ushort);
        return plane.Copy(interpretation: bands < 3 ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16).PngsaveBuffer(bitdepth: 16);
    }

    /// <summary>A gradient with noise of a fixed seed: 8 bits a sample.</summary>
    private static Image Picture(int width, int height, int bands)
    {
        var random = new Random(width * height + bands);
        var samples = new byte[width * height * bands];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (byte)(40 + i / bands % width * 150 / width + random.Next(30));
        var interpretation = bands < 3 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb;
        return Image.NewFromMemory(samples, width, height, bands, Enums.BandFormat.Uchar).Copy(interpretation: interpretation);
    }

    private static byte[] Pages(Func<Image, byte[]> save)
    {
        Image three = Picture(40, 90, 3).Mutate(image => image.Set(GValue.GIntType, "page-height", 30));
        return save(three);
    }

    private static byte[] Cmyk() => Picture(64, 48, 4).Copy(interpretation: Enums.Interpretation.Cmyk).JpegsaveBuffer(q: 80);

    private static byte[] JpegWithXmp(string attributes, string inside)
    {
        byte[] jpeg = Jpeg(40, 30);
        byte[] packet = Encoding.UTF8.GetBytes(
            "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">"
            + "<rdf:Description rdf:about=\"\" xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" xmlns:GCamera=\"http://ns.google.com/photos/1.0/camera/\" "
            + $"xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" {attributes}>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>");
        return [.. jpeg[..2], 0xFF, 0xE1, (byte)((packet.Length + 2) >> 8), (byte)(packet.Length + 2), .. packet, .. jpeg[2..]];
    }

    /// <summary>The JPEG without its segments of one marker.</summary>
    private static byte[] Without(byte[] jpeg, byte marker)
    {
        int at = jpeg.AsSpan().IndexOf<byte>([0xFF, marker]);
        return [.. jpeg[..at], .. jpeg[(at + 2 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(at + 2)))..]];
    }

    /// <summary>The first scans of a progressive JPEG, properly ended.</summary>
    private static byte[] Scans(int count, byte[] jpeg)
    {
        int at = 0;
        for (int i = 0; i < count; i++)
            at += jpeg.AsSpan(at).IndexOf<byte>([0xFF, 0xDA]) + 2;
        while (jpeg[at] != 0xFF || jpeg[at + 1] == 0)
            at++;
        return [.. jpeg[..at], 0xFF, 0xD9];
    }

    /// <summary>Of a gray JPEG one in colour of which only the scan of the luma is there.</summary>
    private static byte[] WithoutColourScans(byte[] gray)
    {
        int frame = gray.AsSpan().IndexOf<byte>([0xFF, 0xC0, 0, 11]);
        byte[] head = [.. gray[..(frame + 3)], 17, .. gray[(frame + 4)..(frame + 9)], 3];
        return [.. head, .. gray[(frame + 10)..(frame + 13)], 2, 0x11, 0, 3, 0x11, 0, .. gray[(frame + 13)..]];
    }

    private static byte[] WithExtendedXmp(byte[] jpeg)
    {
        byte[] packet = [.. "http://ns.adobe.com/xmp/extension/\0"u8, .. Encoding.ASCII.GetBytes(Guid), 0, 0, 0, 20, 0, 0, 0, 0, .. new byte[20]];
        int at = 4 + BinaryPrimitives.ReadUInt16BigEndian(jpeg.AsSpan(4));
        return [.. jpeg[..at], 0xFF, 0xE1, 0, (byte)(packet.Length + 2), .. packet, .. jpeg[at..]];
    }

    /// <summary>Of a TIFF of 16 bits one that calls its samples floats.</summary>
    private static byte[] HalfFloat()
    {
        byte[] tiff = (Picture(40, 30, 3) * 257).Cast(Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16).TiffsaveBuffer();
        int start = BinaryPrimitives.ReadInt32LittleEndian(tiff.AsSpan(4)), count = BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(start));
        int entry = Enumerable.Range(0, count).Select(i => start + 2 + 12 * i).First(i => BinaryPrimitives.ReadUInt16LittleEndian(tiff.AsSpan(i)) == 339);
        int values = BinaryPrimitives.ReadInt32LittleEndian(tiff.AsSpan(entry + 8));
        for (int i = 0; i < 3; i++)
            tiff[values + 2 * i] = 3;
        return tiff;
    }

    private static byte[] OfAnotherKind(byte[] jpeg, byte frame)
    {
        jpeg[FrameOf(jpeg) + 1] = frame;
        return jpeg;
    }

    private static byte[] WithFrameByte(byte[] jpeg, int place, byte value)
    {
        jpeg[FrameOf(jpeg) + place] = value;
        return jpeg;
    }

    private static int FrameOf(byte[] jpeg) => Math.Max(jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC0, 0, 17]), jpeg.AsSpan().IndexOf<byte>([0xFF, 0xC1, 0, 17]));

    private static byte[] PngOf(params byte[][] chunks) => [0x89, .. "PNG\r\n"u8, 26, 10, .. chunks.SelectMany(chunk => chunk)];

    private static byte[] PngWith(byte[] png, params (string Type, byte[] Data)[] chunks) =>
        [.. png[..33], .. chunks.SelectMany(chunk => Chunk(chunk.Type, chunk.Data)), .. png[33..]];

    private static byte[] Chunk(string type, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(type), .. data];
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        var check = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(check, Crc32(body));
        return [.. length, .. body, .. check];
    }

    /// <summary>The check sum of PNG is also that of gzip, which ends with it and the length.</summary>
    private static uint Crc32(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(packed.ToArray().AsSpan(^8));
    }

    private static byte[] Nest(string open, int times, string close) =>
        Encoding.ASCII.GetBytes(new StringBuilder().Insert(0, open, times).Append(new StringBuilder().Insert(0, close, times)).ToString());

    private static byte[] Zipped(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
            zlib.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Npz(string header, int bytes)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream entry = zip.CreateEntry("weight.npy").Open())
        {
            string line = header.PadRight(117) + "\n";
            entry.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)line.Length, 0, .. Encoding.ASCII.GetBytes(line), .. new byte[bytes]]);
        }
        return file.ToArray();
    }
}
