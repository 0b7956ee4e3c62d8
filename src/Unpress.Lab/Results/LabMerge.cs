using System.Text.Json;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Lab.Recipes;

namespace Unpress.Lab.Results;

/// <summary>What a merge has joined.</summary>
/// <param name="Parts">Folders of parts.</param>
/// <param name="Figures">In the whole folder now.</param>
/// <param name="Unfinished">Names of parts that were stopped: an experiment that runs on the whole folder measures what they lack.</param>
public sealed record LabMergeCount(int Parts, int Figures, IReadOnlyList<string> Unfinished);

/// <summary>
/// Joins the folders that the parts of a shared experiment have left, <c>NAME.1-of-8</c> and so on, in the folder <c>NAME</c>. It is then the folder of a
/// run that was stopped: the same experiment on it measures what is missing, and what only the whole set has, such as FID. Done again, it changes nothing.
/// </summary>
public static class LabMerge
{
    /// <summary>The folder of a part, beside that of the whole.</summary>
    public static string NameOf(string folder, Shard shard) => $"{Path.TrimEndingDirectorySeparator(folder)}.{shard.Name}";

    /// <summary>The parts that lie beside the folder.</summary>
    public static IReadOnlyList<LabFolder> PartsOf(string folder)
    {
        string whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)), above = Path.GetDirectoryName(whole) ?? whole;
        return Directory.Exists(above)
            ? [.. Directory.EnumerateDirectories(above, $"{Path.GetFileName(whole)}.*-of-*").Select(path => new LabFolder(path))
                .Where(part => File.Exists(part.Facts)).OrderBy(part => part.Path, StringComparer.Ordinal)]
            : [];
    }

    /// <exception cref="InvalidFileException">A part is missing, is of another experiment or recipe, or was made with other weights.</exception>
    public static LabMergeCount Merge(string folder, CancellationToken cancellation)
    {
        var parts = PartsOf(folder);
        RefuseUnlessWhole(folder, parts);
        var whole = new LabFolder(folder);
        var facts = parts.Select(part => part.ReadFacts()).ToList();
        if (File.Exists(whole.Facts))
        {
            parts = [whole, .. parts];
            facts = [whole.ReadFacts(), .. facts];
        }

        for (int i = 1; i < parts.Count; i++)
            RefuseOther(facts[0], facts[i], parts[i]);
        var figures = new Dictionary<FigureKey, Figure>();
        foreach (var part in parts)
        {
            cancellation.ThrowIfCancellationRequested();
            // Of a whole set a part knows nothing, and what failed in one part is no reason to forget what another has measured.
            foreach (var figure in ResultsFile.Read(part.Results).Where(figure => figure.Picture != Figure.WholeSet || part == whole))
                if (figure.Error is null || !figures.ContainsKey(figure.Key()))
                    figures[figure.Key()] = figure;
        }

        Directory.CreateDirectory(whole.Path);
        foreach (var part in parts.Where(part => part != whole))
            Copy(part, whole, cancellation);
        AtomicFile.WriteStream(whole.Results, stream =>
        {
            foreach (var figure in figures.Values)
            {
                JsonSerializer.Serialize(stream, figure, LabJson.Line);
                stream.WriteByte((byte)'\n');
            }
        });
        whole.Write(Joined(facts));
        var stopped = parts.Zip(facts).Where(part => part.First != whole && part.Second.Finished is null);
        string[] unfinished = [.. stopped.Select(part => Path.GetFileName(part.First.Path))];
        return new LabMergeCount(parts.Count(part => part != whole), figures.Count, unfinished);
    }

    private static void RefuseUnlessWhole(string folder, IReadOnlyList<LabFolder> parts)
    {
        if (parts.Count == 0)
            throw new InvalidFileException(folder, $"there are no parts of an experiment beside it, {Path.GetFileName(folder)}.1-of-8 and so on");
        var names = parts.Select(part => Path.GetFileName(part.Path)).ToHashSet(StringComparer.Ordinal);
        var counts = names.Select(name => name[(name.LastIndexOf("-of-", StringComparison.Ordinal) + 4)..]).Distinct().ToList();
        if (counts.Count > 1)
            throw new InvalidFileException(folder, $"has parts of several ways to share: of {string.Join(" and of ", counts.Order())}; take the others away");
        int count = int.TryParse(counts[0], out int number) && number > 0
            ? number
            : throw new InvalidFileException(parts[0].Path, "is not called as a part is");
        var expected = Enumerable.Range(1, count).Select(i => Path.GetFileName(NameOf(folder, new Shard(i, count))));
        string[] missing = [.. expected.Where(name => !names.Contains(name))];
        if (missing.Length > 0)
            throw new InvalidFileException(folder, $"{missing.Length} of {count} parts are missing, {missing[0]} first; run them, then merge");
    }

    private static void RefuseOther(RunFacts first, RunFacts facts, LabFolder part)
    {
        if (facts.Experiment != first.Experiment)
            throw new InvalidFileException(part.Path, $"holds the experiment {facts.Experiment}, the others {first.Experiment}");
        RecipeConflict.Refuse(LabRecipe.Parse(first.Recipe, part.Facts), LabRecipe.Parse(facts.Recipe, part.Facts), part.Path);
        foreach (var enhancer in facts.Enhancers)
            if (first.Enhancers.FirstOrDefault(other => other.Name == enhancer.Name) is { } same && same.Sha256 != enhancer.Sha256)
                throw new InvalidFileException(part.Path, $"holds figures of other weights of {enhancer.Name} than the other parts");
    }

    /// <summary>The pictures kept for the report, and what measures of whole sets have left.</summary>
    private static void Copy(LabFolder part, LabFolder whole, CancellationToken cancellation)
    {
        string[] made = [Path.GetFullPath(part.Results), Path.GetFullPath(part.Facts)];
        foreach (string file in Directory.EnumerateFiles(part.Path, "*", SearchOption.AllDirectories).Except(made))
        {
            cancellation.ThrowIfCancellationRequested();
            string target = Path.Combine(whole.Path, Path.GetRelativePath(part.Path, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            AtomicFile.Write(target, temporary => File.Copy(file, temporary));
        }
    }

    private static RunFacts Joined(List<RunFacts> facts) => facts[0] with
    {
        Started = facts.Min(one => one.Started),
        Finished = facts.All(one => one.Finished is not null) ? facts.Max(one => one.Finished) : null,
        Command = string.Join("; ", facts.Select(one => one.Command).Distinct()),
        Machine = string.Join("; ", facts.Select(one => one.Machine).Distinct()),
        Sets =
        [
            .. facts.SelectMany(one => one.Sets).GroupBy(set => set.Name).Select(sets => sets.First() with
            {
                Pictures = [.. sets.SelectMany(set => set.Pictures).Distinct().Order(StringComparer.Ordinal)],
                Part = Only(facts[0], sets.Key),
            }),
        ],
    };

    private static bool Only(RunFacts facts, string set)
        => LabRecipe.Parse(facts.Recipe, set).Sets.FirstOrDefault(section => section.Name == set) is { } section && section.IsPart;
}
