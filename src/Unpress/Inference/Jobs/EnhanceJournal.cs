using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Unpress.Files;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>
/// What runs have written into one folder of results, a line for each: of which input, with which settings. With it a stopped run goes on without guessing.
/// Each part of a shared job has a file of its own, and all of them are read. A line is written before the result gets its name, and so names the
/// result by its hash, too: a line without its result does no harm. One that was cut by a crash is passed over.
/// </summary>
internal sealed class EnhanceJournal
{
    /// <summary>Hidden, beside the results.</summary>
    public const string FileName = Start + End;

    private const string Start = ".unpress-journal", End = ".jsonl";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Name and hash of a result: input and settings. Both as 16 bytes of a hash, since a folder may have a million.</summary>
    private readonly Dictionary<Int128, Int128> _entries = [];

    /// <param name="folder">Where the results are; need not exist yet.</param>
    public EnhanceJournal(string folder)
    {
        // That of the whole last: lines move there from those of the parts, and are there before they are gone here.
        foreach (string file in PartsIn(folder).Append(Path.Combine(folder, FileName)))
        {
            foreach (var entry in Read(file))
                _entries[Key(entry.Result, entry.Hash)] = Key(entry.Input, entry.Settings);
        }
    }

    /// <summary>The name of the file for one part of a job; null for the whole.</summary>
    public static string NameFor(Shard? shard) => shard is null ? FileName : $"{Start}.{shard.Name}{End}";

    /// <summary>The files of parts in a folder, by name.</summary>
    public static IEnumerable<string> PartsIn(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder, $"{Start}.*-of-*{End}", new EnumerationOptions { AttributesToSkip = 0 }).Order(StringComparer.Ordinal)
        : [];

    /// <summary>What the journals and the files say of a result that is there.</summary>
    public ResultState StateOf(string result, string inputHash, string settings) =>
        !_entries.TryGetValue(Key(Path.GetFileName(result), HashOf(result)), out var entry) ? ResultState.Foreign
        : entry == Key(inputHash, settings) ? ResultState.Done : ResultState.Outdated;

    /// <summary>Enters a result that is about to get its name.</summary>
    /// <param name="written">The file as it will be, under another name.</param>
    public static void Enter(string result, string written, Shard? shard, string inputHash, string settings)
    {
        string file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(result))!, NameFor(shard));
        Append(file, JsonSerializer.SerializeToUtf8Bytes(new JournalEntry(Path.GetFileName(result), HashOf(written), inputHash, settings), Json));
    }

    /// <summary>Lines of a journal; none where there is no file.</summary>
    public static IEnumerable<JournalEntry> Read(string file)
    {
        IEnumerator<string> lines;
        try
        {
            if (!File.Exists(file))
                yield break;
            lines = File.ReadLines(file).GetEnumerator();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(error);
        }

        using (lines)
        {
            while (Next())
            {
                if (Parse(lines.Current) is { Result: not null } entry)
                    yield return entry;
            }
        }

        bool Next()
        {
            try
            {
                return lines.MoveNext();
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw Unreadable(error);
            }
        }

        InvalidFileException Unreadable(Exception error) => new(file, $"cannot be read: {SystemFault.Reason(error)}", error);
    }

    /// <summary>Adds lines at the end of a file that other processes add to as well: one at a time.</summary>
    /// <param name="lines">UTF-8, without an end of line at the end.</param>
    /// <param name="durable">Wait until they are on the disk.</param>
    public static void Append(string file, ReadOnlySpan<byte> lines, bool durable = false)
    {
        try
        {
            if (new FileInfo(file).LinkTarget is not null)
                throw new InvalidFileException(file, "is a link; a journal is a file of its own", fault: FailureCode.CannotWrite);
            using var stream = LockedFile.Open(file);
            // A process that was killed may have left half a line.
            bool cut = stream.Length > 0 && LastByte(stream) != '\n';
            stream.Position = stream.Length;
            byte[] text = [.. cut ? "\n"u8 : [], .. lines, (byte)'\n'];
            stream.Write(text);
            if (durable)
                stream.Flush(flushToDisk: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(file, $"cannot be written: {SystemFault.Reason(error)}", error, FailureCode.CannotWrite);
        }
    }

    public static string HashOf(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
        return Sha256.Of(stream);
    }

    private static int LastByte(FileStream stream)
    {
        stream.Position = stream.Length - 1;
        return stream.ReadByte();
    }

    private static Int128 Key(string? one, string? other) => MemoryMarshal.Read<Int128>(SHA256.HashData(Encoding.UTF8.GetBytes($"{one}\n{other}")));

    private static JournalEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<JournalEntry>(line, Json);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A line of a journal.</summary>
/// <param name="Result">The name of the file.</param>
/// <param name="Hash">Of its bytes.</param>
/// <param name="Input">The hash of the input's bytes.</param>
internal sealed record JournalEntry(string? Result, string? Hash, string? Input, string? Settings);

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
