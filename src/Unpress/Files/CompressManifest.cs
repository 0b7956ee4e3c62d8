using System.Text.Encodings.Web;
using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Files;

/// <summary>
/// <c>compress.json</c> in an output folder: one entry a picture, sorted by name, no dates or absolute paths, so that the same pictures
/// and settings give the same file. A later run adds its entries and replaces those of files it wrote again.
/// </summary>
public static class CompressManifest
{
    public const string FileName = CompressedCopies.ManifestName;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // versions have plus signs; this is not HTML
    };

    /// <exception cref="InvalidFileException">A file of that name is there and is no manifest.</exception>
    public static IReadOnlyList<CompressedPicture> Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return [];
        try
        {
            return JsonSerializer.Deserialize<List<CompressedPicture>>(File.ReadAllBytes(path), Json) ?? [];
        }
        catch (JsonException error)
        {
            throw new InvalidFileException(path, "is not a manifest of this program; move it away", error);
        }
    }

    public static void Merge(string folder, IEnumerable<CompressedPicture> pictures)
    {
        var entries = new Dictionary<string, CompressedPicture>();
        foreach (var picture in Read(folder).Concat(pictures))
            entries[Key(picture)] = picture;
        byte[] bytes = JsonSerializer.SerializeToUtf8Bytes(entries.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value), Json);
        AtomicFile.Write(Path.Combine(folder, FileName), temporary => File.WriteAllBytes(temporary, [.. bytes, (byte)'\n']));
    }

    private static string Key(CompressedPicture picture) => picture.Bitstream ?? picture.Decoded ?? picture.Input;
}

/// <summary>What became of one picture: one line of the manifest, with all that is needed to make it again.</summary>
public sealed record CompressedPicture
{
    /// <summary>The input, relative to the folder that was given.</summary>
    public required string Input { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public required string Codec { get; init; }

    public required int Quality { get; init; }

    /// <summary>420, 422 or 444; null for gray.</summary>
    public required string? Subsampling { get; init; }

    /// <summary>Library and version.</summary>
    public required string Encoder { get; init; }

    /// <summary>Size of the codec's own file, kept or not.</summary>
    public required long Bytes { get; init; }

    public required double BitsPerPixel { get; init; }

    /// <summary>Of the codec's own file, kept or not; lower-case hex.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The codec's own file, relative to the output folder; null when not kept.</summary>
    public string? Bitstream { get; init; }

    /// <summary>What of the input was not compressed: further pages, a gain map, bits; null when all was.</summary>
    public string? Note { get; init; }

    /// <summary>The PNG, relative to the output folder; null when not kept.</summary>
    public string? Decoded { get; init; }

    /// <summary>Of the PNG's pixels (rows top to bottom, bands interleaved, 8 bits), so that it does not depend on the PNG writer.</summary>
    public string? DecodedPixelsSha256 { get; init; }
}
