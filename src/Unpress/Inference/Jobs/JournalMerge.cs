using System.Text;
using System.Text.Json;
using Unpress.Imaging;

namespace Unpress.Inference.Jobs;

/// <summary>
/// Joins the journals that the parts of a shared job have left into one for each folder. Their lines are added to it before their files go, so that a
/// merge that was killed can be done again. For the time when the parts have ended.
/// </summary>
public static class JournalMerge
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <param name="folder">Of results; all folders below it are looked through.</param>
    /// <exception cref="InvalidFileException">There is no such folder, or a journal cannot be read or written.</exception>
    public static MergeCount Merge(string folder, CancellationToken cancellation = default)
    {
        if (!Directory.Exists(folder))
            throw new InvalidFileException(folder, "no such folder", fault: FailureCode.Missing);
        var count = new MergeCount(0, 0, 0, 0);
        // Links are not followed: a folder of results has none of its own.
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = false };
        foreach (string one in Directory.EnumerateDirectories(folder, "*", options).Prepend(folder))
        {
            cancellation.ThrowIfCancellationRequested();
            string[] parts = [.. EnhanceJournal.PartsIn(one)];
            if (parts.Length > 0)
                count = count.With(Merge(one, parts));
        }

        return count;
    }

    /// <summary>Joins the lists of failures that the parts have left beside each other.</summary>
    /// <param name="path">As it was given to each of them with --failures.</param>
    /// <returns>The parts whose lists there were.</returns>
    /// <exception cref="InvalidFileException">A list cannot be read or written.</exception>
    public static IReadOnlyList<string> MergeFailures(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string stem = Path.GetFileNameWithoutExtension(path), extension = Path.GetExtension(path);
        string[] parts = [.. Directory.EnumerateFiles(folder, $"{stem}.*-of-*{extension}").Order(StringComparer.Ordinal)];
        if (parts.Length == 0)
            throw new InvalidFileException(path, $"there are no lists {stem}.1-of-N{extension} of the parts of a job", fault: FailureCode.Missing);
        string[] before = File.Exists(path) ? File.ReadAllLines(path) : [];
        AtomicFile.Write(path, temporary => File.WriteAllLines(temporary, before.Concat(parts.SelectMany(File.ReadLines)).Distinct()));
        foreach (string part in parts)
            File.Delete(part);
        return parts;
    }

    private static MergeCount Merge(string folder, string[] parts)
    {
        var makers = new Dictionary<string, string>(StringComparer.Ordinal);
        var lines = new StringBuilder();
        int twice = 0, count = 0;
        foreach (string part in parts)
        {
            foreach (var entry in EnhanceJournal.Read(part))
            {
                // One part may enter a result twice, when it was killed between the line and the result.
                if (!makers.TryAdd(entry.Result!, part) && makers[entry.Result!] != part)
                    twice++;
                lines.Append(JsonSerializer.Serialize(entry, Json)).Append('\n');
                count++;
            }
        }

        if (count > 0)
            EnhanceJournal.Append(Path.Combine(folder, EnhanceJournal.FileName), Encoding.UTF8.GetBytes(lines.ToString(0, lines.Length - 1)), durable: true);
        foreach (string part in parts)
            File.Delete(part);
        return new MergeCount(1, parts.Length, makers.Count, twice);
    }
}

/// <summary>What a merge has found.</summary>
/// <param name="Folders">With journals of parts.</param>
/// <param name="Journals">Of parts, which are gone now.</param>
/// <param name="Results">Different ones in them.</param>
/// <param name="Twice">Those that two parts have entered: they were not parts of one job.</param>
public sealed record MergeCount(int Folders, int Journals, int Results, int Twice)
{
    internal MergeCount With(MergeCount other) =>
        new(Folders + other.Folders, Journals + other.Journals, Results + other.Results, Twice + other.Twice);
}
