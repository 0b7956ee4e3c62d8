using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>What COCO's files have in common: JSON with categories, whose numbers have gaps and are told in any order.</summary>
internal static class CocoFile
{
    /// <param name="content">What is wanted of it, for the message: "boxes".</param>
    /// <exception cref="InvalidFileException">Missing, or not of this form.</exception>
    public static T Read<T>(string path, string content, Func<JsonElement, T> read)
    {
        try
        {
            using var stream = File.OpenRead(path);
            using var json = JsonDocument.Parse(stream);
            return read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or IndexOutOfRangeException
            or ArgumentException or InvalidDataException)
        {
            throw new InvalidFileException(path, $"is no COCO file of {content}: {error.Message}", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, $"cannot be read: {SystemFault.Reason(error)}", error);
        }
    }

    /// <summary>By number.</summary>
    public static IReadOnlyList<(long Id, string Name)> Categories(JsonElement root) =>
    [
        .. root.GetProperty("categories").EnumerateArray()
            .Select(one => (Id: one.GetProperty("id").GetInt64(), Name: one.GetProperty("name").GetString()!))
            .OrderBy(one => one.Id),
    ];

    /// <summary>What an annotation's category is to the caller.</summary>
    /// <exception cref="InvalidDataException">There is no such category.</exception>
    public static T Of<T>(IReadOnlyDictionary<long, T> categories, JsonElement annotation)
    {
        long id = annotation.GetProperty("category_id").GetInt64();
        return categories.TryGetValue(id, out var found) ? found : throw new InvalidDataException($"an annotation's category {id} is not in its categories");
    }

    /// <summary>The name that pictures are found by: without folder and extension.</summary>
    public static string Name(JsonElement image) => Path.GetFileNameWithoutExtension(image.GetProperty("file_name").GetString()!);
}

/// <summary>A text file with the names of a model's classes, one a line, in its order.</summary>
public static class ClassNames
{
    /// <exception cref="InvalidFileException">There is no such file.</exception>
    public static IReadOnlyList<string> Read(string file) => File.Exists(file)
        ? [.. File.ReadLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)]
        : throw new InvalidFileException(file, "no such file; it should name the model's classes");
}
