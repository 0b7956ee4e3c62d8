using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>
/// What a run has written into one folder, a line for each result: of which input, with which settings. With it a stopped run goes on without guessing.
/// The last line about a result counts; a line that was cut by a crash is passed over.
/// </summary>
internal sealed class EnhanceJournal
{
    /// <summary>Hidden, beside the results.</summary>
    public const string FileName = ".unpress-journal.jsonl";

    /// <summary>More than a million results.</summary>
    private const long MaxBytes = 1L << 30;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private readonly string _file;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <param name="folder">Where the results are; need not exist yet.</param>
    public EnhanceJournal(string folder)
    {
        _file = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(_file) || new FileInfo(_file).Length > MaxBytes)
                return;
            foreach (string line in File.ReadLines(_file))
                if (Parse(line) is { Result: { } result } entry)
                    _entries[result] = entry;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(_file, $"cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What the journal and the files say of a result that is there.</summary>
    public ResultState StateOf(string result, string inputHash, string settings)
    {
        if (!_entries.TryGetValue(Path.GetFileName(result), out var entry) || entry.Hash != HashOf(result))
            return ResultState.Foreign;
        return entry.Input == inputHash && entry.Settings == settings ? ResultState.Done : ResultState.Outdated;
    }

    /// <summary>A result is there. One write, so that lines of two processes do not mix.</summary>
    public void Enter(string result, string inputHash, string settings)
    {
        var entry = new Entry(Path.GetFileName(result), HashOf(result), inputHash, settings);
        _entries[entry.Result!] = entry;
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, Json), (byte)'\n'];
        try
        {
            using var file = new FileStream(_file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
            file.Write(line);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(_file, $"cannot be written: {error.Message}", error, FailureCode.CannotWrite);
        }
    }

    public static string HashOf(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Sha256.Of(stream);
    }

    private static Entry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Entry(string? Result, string? Hash, string? Input, string? Settings);
}

/// <summary>How a result that is there stands to what would be made now.</summary>
internal enum ResultState
{
    /// <summary>The same input with the same settings.</summary>
    Done,

    /// <summary>As an earlier run left it, of another input or with other settings.</summary>
    Outdated,

    /// <summary>Not in the journal, or changed since.</summary>
    Foreign,
}
