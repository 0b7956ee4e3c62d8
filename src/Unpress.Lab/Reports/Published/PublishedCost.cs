namespace Unpress.Lab.Reports.Published;

/// <summary>What a paper prints about the cost of a system.</summary>
/// <param name="Source">Where from, in words.</param>
/// <param name="Side">Pixels a side of the picture.</param>
/// <param name="Figures">As printed: "parameters" in millions, "table-macs" in billions, "ms".</param>
internal sealed record PublishedCost(string Source, int Side, string System, IReadOnlyDictionary<string, string> Figures);
