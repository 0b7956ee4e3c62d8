namespace Unpress.Lab.Reports.Published;

/// <summary>What a paper prints about one system at one setting of one codec on one set.</summary>
/// <param name="Source">Where from, in words.</param>
/// <param name="Setting">In the codec's scale; null for a mean over the paper's settings.</param>
/// <param name="Figures">As printed, by the name of the metric, with the prefix "di:" for a degradation index.</param>
internal sealed record PublishedRow(
    string Source, string Set, bool Gray, string Codec, int? Setting, string System, IReadOnlyDictionary<string, string> Figures);
