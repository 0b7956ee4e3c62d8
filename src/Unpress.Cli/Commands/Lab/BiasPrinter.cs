using Spectre.Console;
using Unpress.Lab.Results;

namespace Unpress.Cli.Commands.Lab;

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
                foreach (string enhancer in figures.Enhancers().Where(name => name is not (Figure.Compressed or Figure.Raw)))
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
