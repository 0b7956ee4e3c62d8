using System.Buffers.Binary;
using System.Text;

namespace Unpress.Imaging.Formats.Png;

/// <summary>A chunk of a PNG that says something of the picture and is written back as it is.</summary>
/// <param name="Type">Four letters, such as gAMA or tEXt.</param>
public sealed record PngChunk(string Type, byte[] Data)
{
    /// <summary>It says what the numbers of the pixels mean, as a profile does.</summary>
    public bool IsColour => Type is "gAMA" or "cHRM" or "sRGB" or "cICP" or "mDCV" or "mDCv" or "cLLI" or "cLLi";

    /// <summary>Of a text its name, such as Title; empty for others.</summary>
    public string Keyword => Type is "tEXt" or "zTXt" or "iTXt" && Data.AsSpan().IndexOf((byte)0) is > 0 and var end
        ? Encoding.Latin1.GetString(Data, 0, end)
        : "";

    /// <summary>The place may be in it: EXIF or XMP as ImageMagick writes them into texts, or a text that is called so.</summary>
    internal bool MayHoldPlace => Keyword is { Length: > 0 } name
        && (name.StartsWith("Raw profile type", StringComparison.Ordinal) || Places.Any(place => name.Contains(place, StringComparison.OrdinalIgnoreCase)));

    private static readonly string[] Places = ["gps", "latitude", "longitude"];

    internal bool IsValid => Type switch
    {
        "gAMA" or "cICP" => Data.Length == 4,
        "cHRM" => Data.Length == 32,
        "sRGB" => Data.Length == 1,
        "tIME" => Data.Length == 7,
        _ => true,
    };
}

/// <summary>Walks through a PNG without a decoder and without trusting any length.</summary>
internal static class PngChunks
{
    private const int MaxBytes = 16 << 20;
    private const int MaxCount = 1000;
    private const string Xmp = "XML:com.adobe.xmp";

    /// <param name="frames">Pictures of an animation; 1 without.</param>
    /// <returns>The chunks about colour, the texts but for XMP, and the time of the last change. Damaged ones are left out.</returns>
    public static List<PngChunk> Read(Stream png, out int frames) => Read(png, out frames, out _, out _);

    /// <param name="profile">The data of iCCP, empty where they are damaged or too large; null where there are none.</param>
    /// <param name="lost">What of the file is neither read nor kept, one short phrase each.</param>
    /// <inheritdoc cref="Read(Stream, out int)"/>
    public static List<PngChunk> Read(Stream png, out int frames, out byte[]? profile, out List<string> lost)
    {
        (frames, profile, lost) = (1, null, []);
        var damaged = new List<string>();
        int tooMany = 0;
        var chunks = new List<PngChunk>();
        var head = new byte[8];
        long left = MaxBytes, at = 8;
        while (at + 12 <= png.Length)
        {
            png.Position = at;
            png.ReadExactly(head);
            long length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (head.AsSpan(4).SequenceEqual("IEND"u8) || at + 12 + length > png.Length)
                break;
            at += 12 + length;
            string type = Encoding.Latin1.GetString(head, 4, 4);
            bool animation = type == "acTL" && length == 8;
            bool wanted = type is "tEXt" or "zTXt" or "iTXt" or "tIME" or "iCCP" || new PngChunk(type, []).IsColour;
            if (wanted && (length > left || chunks.Count >= MaxCount))
            {
                if (type == "iCCP")
                    profile ??= [];
                else
                    tooMany++;
                continue;
            }
            if (length > left || !(animation || wanted))
                continue;
            left -= length;
            var body = new byte[length + 4];
            png.ReadExactly(body);
            var chunk = new PngChunk(type, body[..^4]);
            if (Crc32.Of(head.AsSpan(4), chunk.Data) != BinaryPrimitives.ReadUInt32BigEndian(body.AsSpan((int)length)))
            {
                // libvips takes a profile and XMP all the same.
                if (type == "iCCP")
                    profile ??= [];
                else if (chunk.Keyword != Xmp)
                    damaged.Add(type);
                continue;
            }
            if (animation)
                frames = (int)Math.Min(int.MaxValue, BinaryPrimitives.ReadUInt32BigEndian(chunk.Data));
            else if (type == "iCCP")
                profile ??= chunk.Data;
            else if (!chunk.IsValid)
                damaged.Add(type);
            else if (chunk.Keyword != Xmp)
                chunks.Add(chunk);
        }
        if (tooMany > 0)
            lost.Add($"{tooMany} texts are left out: more than {MaxCount}, or larger than {MaxBytes >> 20} MB together");
        if (damaged.Count > 0)
            lost.Add($"damaged parts of the file are left out: {string.Join(", ", damaged.Distinct())}");
        return chunks;
    }
}
