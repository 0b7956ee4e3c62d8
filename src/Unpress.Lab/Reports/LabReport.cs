using System.Text.RegularExpressions;
using Unpress.Imaging;
using Unpress.Lab.Reports.Formats;
using Unpress.Lab.Reports.Published;
using Unpress.Lab.Reports.Sheets;
using Unpress.Lab.Reports.Tables;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports;

/// <summary>Shows what a run measured: tables in the papers' layout, and in HTML plots and pictures too.</summary>
public static class LabReport
{
    /// <summary>What the file is called unless said otherwise.</summary>
    public static string FileName(ReportFormat format) => format switch
    {
        ReportFormat.Html => "report.html",
        ReportFormat.Md => "report.md",
        ReportFormat.Latex => "report.tex",
        _ => "report.csv",
    };

    /// <exception cref="InvalidFileException">The run has no figures, or a kept picture cannot be read.</exception>
    public static void Write(LabRun run, ReportFormat format, string path, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        string text = Text(run, format, cancellation);
        AtomicFile.Write(path, temporary => File.WriteAllText(temporary, text));
    }

    /// <summary>The kept pictures as PNG files: contact sheets, and strips of a run with several cycles.</summary>
    /// <param name="folder">Made where there is something to write.</param>
    /// <returns>The files.</returns>
    /// <exception cref="InvalidFileException">A kept picture cannot be read, or a file not be written.</exception>
    public static IReadOnlyList<string> WriteSheets(LabRun run, string folder, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        return SheetFiles.Write(run, folder, cancellation);
    }

    /// <inheritdoc cref="Write"/>
    public static string Text(LabRun run, ReportFormat format, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (run.Table.Metrics.Count == 0)
            throw new InvalidFileException(run.Folder.Path, "has no figures yet; run the experiment first");
        return format switch
        {
            ReportFormat.Html => HtmlReport.Of(run, Tables(run), cancellation),
            ReportFormat.Md => MarkdownReport.Of(run, Tables(run)),
            ReportFormat.Latex => LatexReport.Of(run, Tables(run)),
            _ => CsvReport.Of(run),
        };
    }

    private static List<ReportTable> Tables(LabRun run) => run.Facts.Experiment == EfficiencyTable.Experiment
        ? [EfficiencyTable.Of(run)]
        :
        [
            .. AblationTables.Of(run),
            .. QualityTables.Of(run),
            .. AsideTables.Of(run),
            .. DegradationTables.Of(run),
            .. AdaptationTables.Of(run),
            .. TriangleTables.Of(run),
            .. BdTables.Of(run),
            .. run.Table.Enhancers.Count > 0 ? [CostTable.Of(run)] : Array.Empty<ReportTable>(),
        ];
}

/// <summary>What a report can be written as.</summary>
public enum ReportFormat
{
    /// <summary>One page with everything in it, plots and pictures too.</summary>
    Html,

    /// <summary>The tables.</summary>
    Md,

    /// <summary>The tables, for booktabs.</summary>
    Latex,

    /// <summary>All means and degradation indices, one a line.</summary>
    Csv,
}

/// <summary>What a report is made from: the folder of a run, read.</summary>
public sealed partial class LabRun
{
    private LabRun(LabFolder folder, RunFacts facts, IReadOnlyList<Figure> figures)
    {
        Folder = folder;
        Facts = facts;
        Figures = figures;
        Table = new FigureTable(figures, facts);
    }

    public LabFolder Folder { get; }

    public RunFacts Facts { get; }

    /// <summary>Failed ones included.</summary>
    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>The pictures were turned into gray ones first, so only published figures of gray pictures compare.</summary>
    public bool Gray => GrayRecipe().IsMatch(Facts.Recipe);

    internal FigureTable Table { get; }

    /// <summary>The papers' figures that compare with this run's: none for a part of a set.</summary>
    /// <param name="ablation">Those of systems with and without their parts.</param>
    internal IReadOnlyList<PublishedRow> Published(string set, string codec, bool ablation = false) =>
        Facts.Sets.Any(one => one.Name == set && (one.Part || !PublishedFigures.IsWhole(set, one.Pictures.Count)))
            ? []
            : [.. PublishedFigures.For(set, Gray, codec, ablation)];

    /// <exception cref="Imaging.InvalidFileException">The folder is no run, or a file in it is damaged.</exception>
    public static LabRun Read(string path)
    {
        var folder = new LabFolder(path);
        return new LabRun(folder, folder.ReadFacts(), ResultsFile.Read(folder.Results));
    }

    [GeneratedRegex(@"^gray:\s*true\s*$", RegexOptions.Multiline)]
    private static partial Regex GrayRecipe();
}

/// <summary>The files that are built into the program for its reports.</summary>
internal static class PageFile
{
    public static string Text(string name)
    {
        using var stream = typeof(PageFile).Assembly.GetManifestResourceStream($"report/{name}")
            ?? throw new InvalidOperationException($"'{name}' is not built in");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
