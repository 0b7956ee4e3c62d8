using System.Globalization;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Lab;

/// <summary>A training's run folder.</summary>
/// <param name="Path">Below the laboratory's folder, with slashes; "" is that folder itself.</param>
/// <param name="Changed">When its log was last written.</param>
/// <param name="Step">Of the log's last line; null where it has none.</param>
public sealed record LabRunItem(string Path, DateTimeOffset Changed, long? Step);

/// <summary>The folder of an experiment.</summary>
/// <param name="Page">The report's file in it; null where none has been made yet.</param>
public sealed record LabReportItem(string Path, DateTimeOffset Changed, string? Page);

/// <summary>A model's card.</summary>
/// <param name="Path">Of the file.</param>
public sealed record LabCardItem(string Path, string Name);

/// <summary>What was found.</summary>
/// <param name="Folder">The folder as it was named.</param>
public sealed record LabOverview(
    string Folder, IReadOnlyList<LabRunItem> Runs, IReadOnlyList<LabReportItem> Reports, IReadOnlyList<LabCardItem> Cards);

/// <summary>
/// Trainings, reports of experiments and cards of models below one folder: read, never written. Nothing outside that folder is opened, and no link
/// is followed, wherever it points.
/// </summary>
internal sealed class LabShelf(StudioOptions options)
{
    public const string Log = "log.jsonl";

    private const int Deepest = 6;

    /// <summary>Folders that are looked into: a mistaken "--lab /" must not read the whole disk.</summary>
    private const int MostFolders = 20_000;

    private static readonly EnumerationOptions Plain = new()
    {
        IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.Hidden | FileAttributes.System | FileAttributes.ReparsePoint,
    };

    /// <summary>Folders of programs, which hold nothing of a laboratory and much else.</summary>
    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal) { "bin", "obj", "node_modules" };

    private readonly string? _root = options.Lab is { } folder ? Path.GetFullPath(folder) : null;

    /// <exception cref="StudioException">No folder was named when the studio was started.</exception>
    public string Root => _root ?? throw new StudioException(404, "no folder was named for it; start the studio with --lab FOLDER");

    public LabOverview Find()
    {
        var (runs, reports, cards) = (new List<LabRunItem>(), new List<LabReportItem>(), new List<LabCardItem>());
        foreach (string folder in Folders())
        {
            string[] files = [.. Directory.EnumerateFiles(folder, "*", Plain).Select(file => Path.GetFileName(file))];
            if (files.Contains(Log))
                runs.Add(new LabRunItem(Relative(folder), Changed(folder, Log), LabLog.LastStep(Path.Combine(folder, Log))));
            if (files.Contains("run.json") && files.Contains("results.jsonl"))
            {
                string? page = files.Contains("report.html") ? "report.html" : files.Where(IsPage).Order(StringComparer.Ordinal).FirstOrDefault();
                reports.Add(new LabReportItem(Relative(folder), Changed(folder, page ?? "results.jsonl"), page));
            }

            cards.AddRange(files.Where(file => IsCard(file, files)).Order(StringComparer.Ordinal)
                .Select(file => new LabCardItem(Relative(Path.Combine(folder, file)), Path.GetFileNameWithoutExtension(file))));
        }

        return new LabOverview(
            options.Lab!, [.. runs.OrderByDescending(run => run.Changed)], [.. reports.OrderByDescending(report => report.Changed)], cards);
    }

    /// <summary>The whole path of a file below the folder.</summary>
    /// <param name="parts">Each with slashes in it, or not.</param>
    /// <exception cref="StudioException">There is none, or the way to it leads through a link or out of the folder.</exception>
    public string File(params ReadOnlySpan<string> parts)
    {
        string now = Root;
        string[] names = [.. parts.ToArray().SelectMany(part => part.Split('/', StringSplitOptions.RemoveEmptyEntries))];
        foreach (string name in names)
        {
            if (name is "." or ".." || name.IndexOfAny(['\\', ':', '\0']) >= 0)
                throw Absent();
            now = Path.Combine(now, name);
            var entry = new FileInfo(now);
            if (!Path.Exists(now) || entry.LinkTarget is not null || entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
                throw Absent();
        }

        return System.IO.File.Exists(now) ? now : throw Absent();
    }

    public static bool IsCard(string path) => path.EndsWith(".md", StringComparison.OrdinalIgnoreCase);

    public static bool IsPage(string path) => path.EndsWith(".html", StringComparison.OrdinalIgnoreCase);

    private static StudioException Absent() => new(404, "there is no such file in the laboratory's folder");

    /// <summary>The card lies beside its model.</summary>
    private static bool IsCard(string file, string[] beside)
        => IsCard(file) && new[] { ".onnx", ".safetensors" }.Any(end => beside.Contains(Path.ChangeExtension(file, end)));

    private IEnumerable<string> Folders()
    {
        var waiting = new Queue<(string Path, int Depth)>([(Root, 0)]);
        for (int count = 0; count < MostFolders && waiting.TryDequeue(out var folder); count++)
        {
            if (!Directory.Exists(folder.Path))
                continue; // gone since
            yield return folder.Path;
            if (folder.Depth == Deepest)
                continue;
            foreach (string below in Directory.EnumerateDirectories(folder.Path, "*", Plain).Order(StringComparer.Ordinal))
            {
                if (!PassedOver.Contains(Path.GetFileName(below)))
                    waiting.Enqueue((below, folder.Depth + 1));
            }
        }
    }

    private string Relative(string path) => path == Root ? "" : Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static DateTimeOffset Changed(string folder, string file) => System.IO.File.GetLastWriteTimeUtc(Path.Combine(folder, file));
}
