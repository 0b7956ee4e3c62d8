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
                    double? compressed = Side(figures.Mean(set, codec, setting, Figure.Compressed, 0, metric.Name));
                    double? enhanced = Side(figures.Mean(set, codec, setting, enhancer, 1, metric.Name));
                    double? between = Side(figures.Mean(set, codec, setting, enhancer, 1, DomainTriangle.ToCompressed(metric.Name)));
                    double? deviation = compressed is { } cr && enhanced is { } re && between is { } ce ? DomainTriangle.Deviation(ce, re, cr) : null;
                    table.AddRow([
                        .. new[] { set, $"{codec} {setting}", enhancer, metric.Higher ? $"rmse of {metric.Name}" : metric.Name }.Select(Markup.Escape),
                        .. new[] { compressed, enhanced, between }.Select(value => LabPrinter.Text(value, 4)),
                        LabPrinter.Text(deviation, 1)]);

                    double? Side(double? mean) => mean is { } known ? DomainTriangle.Side(metric, known) : null;
                }
            }
        }

        if (table.Rows.Count > 0)
            console.Write(table);

        bool IsSide(MetricFacts metric) =>
            DomainTriangle.Side(metric, 1) is not null && facts.Metrics.Any(other => other.Name == DomainTriangle.ToCompressed(metric.Name));
    }
}
