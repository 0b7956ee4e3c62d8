using System.Text.Encodings.Web;
using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Compression;

/// <summary>
/// <c>compress.json</c> in an output folder: one entry a picture, sorted by name, no dates or absolute paths, so that the same pictures
/// and settings give the same file. A later run adds its entries and replaces those of files it wrote again.
/// </summary>
public static class CompressManifest
{
    public const string FileName = "compress.json";

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
