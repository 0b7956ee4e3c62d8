using System.Text.RegularExpressions;
using Unpress.Lab.Reports.Published;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports;

/// <summary>What a report is made from: the folder of a run, read.</summary>
public sealed partial class LabRun
{
    private LabRun(LabFolder folder, RunFacts facts, IReadOnlyList<Figure> figures)
    {
        Folder = folder;
        Facts = facts;
        Figures = figures;
        Means = new Means(figures, facts);
    }

    public LabFolder Folder { get; }

    public RunFacts Facts { get; }

    /// <summary>Failed ones included.</summary>
    public IReadOnlyList<Figure> Figures { get; }

    /// <summary>The pictures were turned into gray ones first, so only published figures of gray pictures compare.</summary>
    public bool Gray => GrayRecipe().IsMatch(Facts.Recipe);

    internal Means Means { get; }

    /// <summary>The papers' figures that compare with this run's: none for a part of a set.</summary>
    /// <param name="ablation">Those of systems with and without their parts.</param>
    internal IReadOnlyList<PublishedRow> Published(string set, string codec, bool ablation = false) =>
        Facts.Sets.Any(one => one.Name == set && one.Part) ? [] : [.. PublishedFigures.For(set, Gray, codec, ablation)];

    /// <exception cref="Imaging.InvalidFileException">The folder is no run, or a file in it is damaged.</exception>
    public static LabRun Read(string path)
    {
        var folder = new LabFolder(path);
        return new LabRun(folder, folder.ReadFacts(), ResultsFile.Read(folder.Results));
    }

    [GeneratedRegex(@"^gray:\s*true\s*$", RegexOptions.Multiline)]
    private static partial Regex GrayRecipe();
}
