using System.Text.Json;

namespace Unpress.Tests.Metrics;

/// <summary>What <c>tests/parity/metric_numbers.py</c> computed, with its inputs.</summary>
internal static class ReferenceNumbers
{
    public static IReadOnlyList<JsonElement> All(string section)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(RepoPaths.Combine("tests", "parity", "metric_numbers.json")));
        return [.. document.RootElement.GetProperty(section).EnumerateArray().Select(element => element.Clone())];
    }

    public static double[][] Rows(JsonElement table)
        => [.. table.EnumerateArray().Select(row => row.EnumerateArray().Select(cell => cell.GetDouble()).ToArray())];
}
