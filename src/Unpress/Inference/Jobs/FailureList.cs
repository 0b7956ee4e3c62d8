using System.Text.Json;
using System.Text.Json.Serialization;
using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>The inputs of a run that failed, in a file: one JSON object a line, so that any name fits, and they can be tried again.</summary>
public static class FailureList
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>Replaces the file; it is empty where nothing failed.</summary>
    /// <param name="fill">Gets what adds a failure; what it throws passes on, after the file is written.</param>
    /// <exception cref="InvalidFileException">It cannot be written.</exception>
    public static T Write<T>(string path, Func<Action<EnhanceOutcome>, T> fill)
    {
        // Kept on the disk: of a million pictures many may fail.
        string kept = Debris.NewFile(Path.GetTempPath());
        Leftovers.AddFile(kept);
        var lines = new StreamWriter(kept);
        try
        {
            return fill(one => lines.WriteLine(JsonSerializer.Serialize(new Entry(one.Input, one.InputBytes, one.RelativePath ?? one.Input, one.Error), Json)));
        }
        finally
        {
            lines.Dispose();
            AtomicFile.Write(path, temporary => File.Copy(kept, temporary));
            File.Delete(kept);
            Leftovers.Forget(kept);
        }
    }

    /// <summary>The name of the list of one part of a job: the number stands before the extension.</summary>
    public static string NameFor(string path, Shard? shard) => shard is null ? path : Path.ChangeExtension(path, $"{shard.Name}{Path.GetExtension(path)}");

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
            throw new InvalidFileException(path, SystemFault.Reason(error), error, FailureCode.Missing);
        }
    }

    /// <summary>A list from elsewhere must not lead out of the output folder.</summary>
    private static bool IsBelow(string relative) => !Path.IsPathRooted(relative) && !relative.Split('/', '\\').Contains("..");

    private sealed record Entry(string Input, byte[]? InputBytes, string? Relative, string? Error);
}
