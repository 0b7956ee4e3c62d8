using Spectre.Console;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Lab;

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
            string[] values = [.. new[] { cubic.Rate, pchip.Rate }.Select(value => LabPrinter.Text(value, 2)), .. new[] { cubic.Quality, pchip.Quality }.Select(value => LabPrinter.Text(value, 4))];
            table.AddRow([.. names.Select(Markup.Escape), .. values]);
        }

        console.Write(table);
    }
}
