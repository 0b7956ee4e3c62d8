using System.Text.Json;
using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>The inputs of a run that failed, in a file: one JSON object a line, so that any name fits, and they can be tried again.</summary>
public static class FailureList
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Replaces the file; it is empty where nothing failed.</summary>
    /// <exception cref="InvalidFileException">It cannot be written.</exception>
    public static void Write(string path, IEnumerable<EnhanceOutcome> failures) => AtomicFile.Write(path, temporary => File.WriteAllLines(
        temporary, failures.Select(one => JsonSerializer.Serialize(new Entry(one.Input, one.RelativePath ?? one.Input, one.Error), Json))));

    /// <summary>The inputs of such a file, with their places below an output folder.</summary>
    /// <exception cref="InvalidFileException">It cannot be read, or is no such list.</exception>
    public static IReadOnlyList<InputFile> Read(string path)
    {
        try
        {
            return [.. File.ReadLines(path).Where(line => line.Length > 0).Select(line =>
                JsonSerializer.Deserialize<Entry>(line, Json) is { Input.Length: > 0 } entry && IsBelow(entry.Relative ?? Path.GetFileName(entry.Input))
                    ? new InputFile(entry.Input, entry.Relative ?? Path.GetFileName(entry.Input))
                    : throw new JsonException())];
        }
        catch (JsonException error)
        {
            throw new InvalidFileException(path, "is no list of failures; --failures FILE of an earlier run writes one", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, error is FileNotFoundException ? "no such file" : error.Message, error, FailureCode.Missing);
        }
    }

    /// <summary>A list from elsewhere must not lead out of the output folder.</summary>
    private static bool IsBelow(string relative) => !Path.IsPathRooted(relative) && !relative.Split('/', '\\').Contains("..");

    private sealed record Entry(string Input, string? Relative, string? Error);
}
