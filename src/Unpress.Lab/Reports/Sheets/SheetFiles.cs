using Unpress.Imaging;
using Unpress.Lab.Reports.Pictures;
using Unpress.Lab.Reports.Tables;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Sheets;

/// <summary>
/// The kept pictures as PNG files for papers and talks: of each picture and codec a contact sheet, a row a setting, a column a system; and of each
/// setting of a run with several cycles a sheet of strips, a row an enhancer, a column a cycle (or an answer, of networks that have several). All show the
/// same detail.
/// </summary>
internal static class SheetFiles
{
    private const int Edge = 192;

    /// <returns>What was written; empty where no pictures were kept.</returns>
    public static IReadOnlyList<string> Write(LabRun run, string folder, CancellationToken cancellation)
    {
        var figures = run.Figures.Where(figure => figure.Value is { } value && double.IsFinite(value))
            .ToLookup(figure => (figure.Set, figure.Picture, figure.Codec, figure.Setting, figure.Enhancer, figure.Cycle));
        var written = new List<string>();
        foreach (var group in KeptPicture.Of(run).GroupBy(one => (one.Set, one.Picture, one.Codec)))
        {
            cancellation.ThrowIfCancellationRequested();
            var kept = group.ToList();
            var original = ImageFile.Load(kept[0].Original);
            var detail = PictureDetail.Worst(original, ImageFile.Load(kept[0].Compressed), Edge);
            var raw = new SheetCell(detail.Part(original), "");
            string name = $"{group.Key.Set}-{group.Key.Picture}-{group.Key.Codec}";
            Save($"contact-{name}", Contact());
            foreach (var one in kept.Where(one => one.Enhanced.Any(enhancer => enhancer.Cycles.Count > 1)))
                Save($"strips-{name}{(one.Setting is null ? "" : $"-{one.Setting}")}", Strips(one));

            Sheet Contact() => new(
                $"{group.Key.Set}/{group.Key.Picture}, {group.Key.Codec}",
                ["original", Figure.Compressed, .. run.Table.Enhancers],
                [.. kept.Select(one => (ReportText.Setting(run, one.Codec, one.Setting), (IReadOnlyList<SheetCell?>)
                [
                    raw,
                    Of(one, one.Compressed, Figure.Compressed, 0),
                    .. run.Table.Enhancers.Select(enhancer => one.Enhanced.Where(own => own.Enhancer == enhancer && own.Cycles[0].Cycle == 1)
                        .Select(own => Of(one, own.Cycles[0].File, enhancer, 1)).FirstOrDefault()),
                ]))]);

            Sheet Strips(KeptPicture one)
            {
                int[] cycles = [.. one.Enhanced.SelectMany(enhancer => enhancer.Cycles).Select(cycle => cycle.Cycle).Distinct().Order()];
                return new Sheet(
                    $"{group.Key.Set}/{group.Key.Picture}, {ReportText.Setting(run, one.Codec, one.Setting)}",
                    [Figure.Compressed, .. cycles.Select(cycle => $"{ReportText.Step(run)} {cycle}"), "original"],
                    [.. one.Enhanced.Select(enhancer => (enhancer.Enhancer, (IReadOnlyList<SheetCell?>)
                    [
                        Of(one, one.Compressed, Figure.Compressed, 0),
                        .. cycles.Select(cycle => enhancer.Cycles.Where(own => own.Cycle == cycle)
                            .Select(own => Of(one, own.File, enhancer.Enhancer, cycle)).FirstOrDefault()),
                        raw,
                    ]))]);
            }

            SheetCell Of(KeptPicture one, string file, string enhancer, int cycle)
            {
                var there = figures[(one.Set, one.Picture, one.Codec, one.Setting, enhancer, cycle)].ToLookup(figure => figure.Metric);
                bool answer = cycle > 0 && run.Facts.Candidates is not null; // has no figures of its own
                var metric = answer ? null : run.Table.Metrics.FirstOrDefault(metric => there[metric.Name].Any());
                return new SheetCell(
                    detail.Part(ImageFile.Load(file)),
                    metric is null ? "" : $"{metric.Name} {ReportCell.Of(there[metric.Name].First().Value!.Value, metric.Decimals).Text}");
            }
        }

        return written;

        void Save(string name, Sheet sheet)
        {
            // Names that differ in capitals or signs only are one here.
            string file = new[] { "" }.Concat(Enumerable.Range(2, written.Count).Select(number => $"-{number}"))
                .Select(number => Path.Combine(folder, $"{ReportText.Id(name)}{number}.png")).First(free => !written.Contains(free));
            AtomicFile.CreateFolderOf(file);
            ImageFile.Save(sheet.Draw(), file);
            written.Add(file);
        }
    }
}
