using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Unpress.Metrics;

namespace Unpress.Cli;

/// <summary><c>--metrics a,b</c>: names out of the catalog, checked while the command line is read.</summary>
internal static class MetricsOption
{
    /// <summary>The option; not given is null and means <see cref="MetricCatalog.Default"/>.</summary>
    public static Option<IReadOnlyList<IMetric>?> Create() => new("--metrics", "-m")
    {
        // Not a DefaultValueFactory: help would print the names of the classes.
        Description = $"Names, separated by commas, or 'all' for those whose weights are here; 'unpress measure --list' explains them [default: {Names(MetricCatalog.Default)}]",
        HelpName = "NAMES",
        CustomParser = result =>
        {
            string names = result.Tokens.Single().Value;
            if (names == "all")
                return [.. MetricCatalog.Ready];
            try
            {
                return MetricCatalog.FindAll(names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            }
            catch (ArgumentException error)
            {
                result.AddError(error.Message);
                return null;
            }
        },
    };

    private static string Names(IEnumerable<IMetric> metrics) => string.Join(',', metrics.Select(metric => metric.Name));
}

/// <summary>What the figures of a table are: no value without its conventions.</summary>
internal static class MetricLegend
{
    public static Option<bool> Option()
        => new("--explain") { Description = "Also explain the metrics below the table on a terminal; files always contain the explanation." };

    /// <summary>A line a metric, below the table: in files always, on a terminal for those who ask, since there it drowns the figures.</summary>
    public static void Print(IAnsiConsole console, IEnumerable<IMetric> metrics, bool explain)
    {
        if (!explain && console.Profile.Out.IsTerminal)
            return;
        var grid = new Grid().AddColumn(new GridColumn().PadLeft(2).PadRight(2).NoWrap()).AddColumn();
        foreach (var metric in metrics)
        {
            var contract = metric.Contract;
            string conventions = $"{Better(contract)}; {contract.Range}; colours: {contract.Colour}; window: {contract.Window}; border: {contract.Border}";
            grid.AddRow(new Text(metric.Name, new Style(Color.Grey)), new Text(conventions, new Style(Color.Grey)));
        }

        console.Write(grid);
    }

    /// <summary>The same as members of JSON.</summary>
    public static IEnumerable<object> Json(IEnumerable<IMetric> metrics) => metrics.Select(metric => new
    {
        name = metric.Name,
        better = Better(metric.Contract),
        range = metric.Contract.Range,
        colour = metric.Contract.Colour,
        window = metric.Contract.Window,
        border = metric.Contract.Border,
        source = metric.Contract.Source,
    });

    /// <summary>"higher is better", or lower.</summary>
    public static string Better(MetricContract contract) => contract.Direction == MetricDirection.HigherIsBetter ? "higher is better" : "lower is better";
}

/// <summary><c>--quality 10,20</c>: qualities in a codec's own scale.</summary>
internal static class QualitiesOption
{
    /// <param name="usual">What help says is taken when the option is not given; <see cref="Or"/> takes it.</param>
    public static Option<int[]> Create(IReadOnlyList<int> usual) => new("--quality", "-q")
    {
        // Not a DefaultValueFactory: help would print the name of the array's class.
        Description = $"Qualities in the codec's own scale, separated by commas [default: {string.Join(',', usual)}]",
        HelpName = "LIST",
        CustomParser = result =>
        {
            var qualities = new List<int>();
            foreach (string text in result.Tokens.Single().Value.Split(','))
            {
                if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value))
                    qualities.Add(value);
                else
                    result.AddError($"'{text}' is not a quality: give whole numbers separated by commas");
            }
            return [.. qualities.Distinct()];
        },
    };

    /// <summary>What was given, or else <paramref name="usual"/>.</summary>
    public static IReadOnlyList<int> Or(this ParseResult parsed, Option<int[]> option, IReadOnlyList<int> usual)
        // The parser's own value for an array that was not given is the empty one.
        => parsed.GetValue(option) is { Length: > 0 } given ? given : usual;
}
