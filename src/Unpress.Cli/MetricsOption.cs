using System.CommandLine;
using Unpress.Metrics;

namespace Unpress.Cli;

/// <summary><c>--metrics a,b</c>: names out of the catalog, checked while the command line is read.</summary>
internal static class MetricsOption
{
    /// <summary>The option; not given is null and means <see cref="MetricCatalog.Default"/>.</summary>
    public static Option<IReadOnlyList<IMetric>?> Create() => new("--metrics", "-m")
    {
        // Not a DefaultValueFactory: help would print the names of the classes.
        Description = $"Names, separated by commas, or 'all' whose weights are here; 'unpress measure --list' explains them [default: {Names(MetricCatalog.Default)}]",
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
