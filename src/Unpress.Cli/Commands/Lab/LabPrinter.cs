using System.Globalization;
using Spectre.Console;
using Unpress.Cli.Commands.Cycle;
using Unpress.Cli.Commands.Models;
using Unpress.Evaluation;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Lab;

/// <summary>The means of a run for people.</summary>
internal static class LabPrinter
{
    public static void Print(IAnsiConsole console, RunFacts facts, IReadOnlyList<Figure> figures)
    {
        var table = new FigureTable(figures, facts);
        if (facts.Experiment == "efficiency")
            EfficiencyPrinter.Print(console, table);
        else if (facts.Cycles > 1)
            Cycles(console, facts, table);
        else
            Once(console, facts, table);
        if (facts.Experiment == "rate")
            RatePrinter.Print(console, facts, table);
        if (facts.Experiment == "bias")
            BiasPrinter.Print(console, facts, table);
    }

    /// <summary>One line a codec, setting and enhancer, one column a metric.</summary>
    private static void Once(IAnsiConsole console, RunFacts facts, FigureTable figures)
    {
        foreach (var set in figures.Compressions().GroupBy(one => one.Set))
        {
            var measured = figures.Figures.Where(figure => figure.Set == set.Key && figure.Value is not null).Select(figure => figure.Metric).ToHashSet();
            MetricFacts[] metrics = [.. facts.Metrics.Where(metric => !metric.Aside && measured.Contains(metric.Name))];
            var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape($"{set.Key}: means over the pictures"));
            foreach (string heading in (string[])["codec", "enhancer"])
                table.AddColumn(heading);
            foreach (string heading in (string[])[.. metrics.Select(metric => metric.Name), "bits/pixel", "seconds", "pictures"])
                table.AddColumn(new TableColumn(Markup.Escape(heading)).RightAligned());
            foreach (var (_, codec, setting) in set)
            {
                foreach (string enhancer in figures.Systems())
                {
                    int cycle = enhancer is Figure.Compressed or Figure.Raw ? 0 : 1;
                    string first = metrics.FirstOrDefault(metric => figures.Count(set.Key, codec, setting, enhancer, cycle, metric.Name) > 0)?.Name ?? "";
                    if (enhancer == Figure.Raw && first.Length == 0)
                        continue;
                    table.AddRow([
                        Markup.Escape($"{codec} {setting}"),
                        Markup.Escape(enhancer),
                        .. metrics.Select(metric => Text(figures.Mean(set.Key, codec, setting, enhancer, cycle, metric.Name), metric.Decimals)),
                        enhancer == Figure.Compressed ? Text(figures.BitsPerPixel(set.Key, codec, setting, first), 3) : "",
                        cycle == 0 ? "" : Text(figures.Seconds(set.Key, codec, setting, enhancer, cycle, first), 2),
                        figures.Count(set.Key, codec, setting, enhancer, cycle, first).ToString(CultureInfo.InvariantCulture)]);
                }
            }

            console.Write(table);
        }
    }

    /// <summary>One line an enhancer, codec, setting and metric: compressed (0), the cycles that the console holds, the index.</summary>
    private static void Cycles(IAnsiConsole console, RunFacts facts, FigureTable figures)
    {
        foreach (var set in figures.Compressions().GroupBy(one => one.Set))
        {
            var rows =
                from one in set
                from metric in facts.Metrics
                from enhancer in figures.Systems().Where(name => name != Figure.Compressed)
                select (string[])[
                    $"{one.Codec} {one.Setting}",
                    metric.Name,
                    enhancer,
                    .. Enumerable.Range(0, facts.Cycles + 1).Select(cycle => Text(
                        figures.Mean(set.Key, one.Codec, one.Setting, cycle == 0 ? Figure.Compressed : enhancer, cycle, metric.Name), metric.Decimals)),
                    Text(figures.Index(set.Key, one.Codec, one.Setting, enhancer, metric), 3)];
            console.Write(CycleColumns.Create(
                console.Profile.Width,
                $"{set.Key}: means over the pictures, per cycle",
                ["codec", "metric", "enhancer"],
                [.. rows],
                "results.jsonl, unpress lab report"));
        }
    }

    public static string Text(double? value, int decimals) => value is { } number ? FixedText.Of(number, decimals) : "–";
}

/// <summary>What enhancement saves in bits, for people.</summary>
internal static class RatePrinter
{
    public static void Print(IAnsiConsole console, RunFacts facts, FigureTable figures)
    {
        var table = new Table().Border(TableBorder.Simple).Title("Bjøntegaard deltas over the compressed pictures");
        foreach (string heading in (string[])["set", "codec", "enhancer", "metric"])
            table.AddColumn(heading);
        foreach (string heading in (string[])["BD-rate %, cubic", "PCHIP", "BD-quality, cubic", "PCHIP"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var (cubic, pchip) in RateDelta.Of(facts, figures, CurveFit.Cubic).Zip(RateDelta.Of(facts, figures, CurveFit.Pchip)))
        {
            string[] names = [cubic.Set, cubic.Codec, cubic.Enhancer, cubic.Metric];
            string[] values = [.. new[] { cubic.Rate, pchip.Rate }.Select(value => LabPrinter.Text(value, 2)),
                .. new[] { cubic.Quality, pchip.Quality }.Select(value => LabPrinter.Text(value, 4))];
            table.AddRow([.. names.Select(Markup.Escape), .. values]);
        }

        console.Write(table);
    }
}

/// <summary>What networks cost, for people: the columns of <c>bench networks</c>.</summary>
internal static class EfficiencyPrinter
{
    public static void Print(IAnsiConsole console, FigureTable figures)
    {
        foreach (var (set, codec, setting) in figures.Compressions())
        {
            var table = new Table().Border(TableBorder.Simple).Title($"one picture of {set.Replace("x", "×", StringComparison.Ordinal)}").AddColumn("network");
            foreach (string heading in (string[])["parameters", "MACs", "in tables", "ms", "core ms", "measured at"])
                table.AddColumn(new TableColumn(heading).RightAligned());
            foreach (string network in figures.Systems())
            {
                double? Value(string metric) => figures.Mean(set, codec, setting, network, 1, metric);
                string Amount(string metric) => Value(metric) is { } amount ? Amounts.Of(amount) : "–";
                table.AddRow([
                    Markup.Escape(network), Amount("parameters"), Amount("macs"), Amount("table-macs"),
                    LabPrinter.Text(Value("ms"), 1), LabPrinter.Text(Value("core-ms"), 1),
                    Value("measured-side")?.ToString("F0", CultureInfo.InvariantCulture) ?? "–"]);
            }

            console.Write(table);
        }
    }
}

/// <summary>The domain triangle for people: its sides and the deviation of the enhanced pictures.</summary>
internal static class BiasPrinter
{
    public static void Print(IAnsiConsole console, RunFacts facts, FigureTable figures)
    {
        var table = new Table().Border(TableBorder.Simple).Title("Triangles of raw (R), compressed (C) and enhanced (E) pictures");
        foreach (string heading in (string[])["set", "codec", "enhancer", "distance"])
            table.AddColumn(heading);
        foreach (string heading in (string[])["C-R", "R-E", "C-E", "deviation %"])
            table.AddColumn(new TableColumn(heading).RightAligned());
        foreach (var metric in facts.Metrics.Where(IsSide))
        {
            foreach (var (set, codec, setting) in figures.Compressions())
            {
                foreach (string enhancer in figures.Systems().Where(name => name is not (Figure.Compressed or Figure.Raw)))
                {
                    // Of the same pictures, or they would be no triangle.
                    double?[] sides = figures.Together(set, codec, setting, DomainTriangle.Sides(enhancer, metric.Name)) is { } means
                        ? [.. means.Select(mean => DomainTriangle.Side(metric, mean))]
                        : [null, null, null];
                    double? deviation = sides is [{ } cr, { } re, { } ce] ? DomainTriangle.Deviation(ce, re, cr) : null;
                    table.AddRow([
                        .. new[] { set, $"{codec} {setting}", enhancer, metric.Higher ? $"rmse of {metric.Name}" : metric.Name }.Select(Markup.Escape),
                        .. sides.Select(value => LabPrinter.Text(value, 4)),
                        LabPrinter.Text(deviation, 1)]);
                }
            }
        }

        if (table.Rows.Count > 0)
            console.Write(table);

        bool IsSide(MetricFacts metric) =>
            DomainTriangle.Side(metric, 1) is not null && facts.Metrics.Any(other => other.Name == DomainTriangle.ToCompressed(metric.Name));
    }
}
