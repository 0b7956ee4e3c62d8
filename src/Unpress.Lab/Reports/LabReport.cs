using Unpress.Imaging;
using Unpress.Lab.Reports.Formats;
using Unpress.Lab.Reports.Sheets;
using Unpress.Lab.Reports.Tables;

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
        if (run.Means.Metrics.Count == 0)
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
            .. TriangleTables.Of(run),
            .. BdTables.Of(run),
            .. run.Means.Enhancers.Count > 0 ? [CostTable.Of(run)] : Array.Empty<ReportTable>(),
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
