namespace Unpress.Lab.Reports.Pictures;

/// <summary>The kept files of one picture at one setting.</summary>
/// <param name="Original">PNG.</param>
/// <param name="Compressed">PNG.</param>
/// <param name="Enhanced">By enhancer: cycle and PNG, the cycles that are shown.</param>
internal sealed record KeptPicture(
    string Set,
    string Picture,
    string Codec,
    int? Setting,
    string Original,
    string Compressed,
    IReadOnlyList<(string Enhancer, IReadOnlyList<(int Cycle, string File)> Cycles)> Enhanced)
{
    /// <summary>A strip of more would be too small to see anything in.</summary>
    public const int MostCycles = 6;

    public IEnumerable<string> Files => [Original, Compressed, .. Enhanced.SelectMany(one => one.Cycles).Select(cycle => cycle.File)];

    /// <summary>Those whose original and compressed picture are there.</summary>
    /// <param name="cycles">Of each enhancer, the most that are wanted: 2 or more.</param>
    public static IReadOnlyList<KeptPicture> Of(LabRun run, int cycles = MostCycles) =>
        [.. from set in run.Facts.Sets
            from picture in set.Pictures
            let original = run.Folder.Raw(set.Name, picture)
            where File.Exists(original)
            from codec in run.Means.Codecs(set.Name)
            from setting in run.Means.Settings(set.Name, codec)
            let compressed = run.Folder.Picture(set.Name, picture, codec, setting, "", 0)
            where File.Exists(compressed)
            select new KeptPicture(set.Name, picture, codec, setting, original, compressed,
                [.. from enhancer in run.Means.Enhancers
                    let shown = Shown(run, set.Name, picture, codec, setting, enhancer, cycles)
                    where shown.Count > 0
                    select (enhancer, (IReadOnlyList<(int, string)>)shown)])];

    /// <summary>All cycles, or answers of a network that has several; of many the first, the last and some between.</summary>
    private static List<(int Cycle, string File)> Shown(LabRun run, string set, string picture, string codec, int? setting, string enhancer, int most)
    {
        List<(int Cycle, string File)> there =
            [.. Enumerable.Range(1, run.Facts.Candidates?.Count ?? run.Means.LastCycle)
                .Select(cycle => (cycle, file: run.Folder.Picture(set, picture, codec, setting, enhancer, cycle)))
                .Where(one => File.Exists(one.file))];
        return there.Count <= most ? there : [.. Enumerable.Range(0, most).Select(i => there[(int)Math.Round(i * (there.Count - 1) / (most - 1.0))]).Distinct()];
    }
}
