using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>What a table of originals that are compressed, enhanced and measured is made from.</summary>
public abstract record EvaluationOptions
{
    /// <summary>Files of the originals: 8-bit gray or RGB without alpha.</summary>
    public required IReadOnlyList<string> Originals { get; init; }

    public required ICodec Codec { get; init; }

    /// <summary>Qualities in the codec's own scale; each is a block of the table.</summary>
    public required IReadOnlyList<int> Qualities { get; init; }

    /// <summary>4:2:0 unless said otherwise, as papers do.</summary>
    public ChromaSubsampling Subsampling { get; init; } = ChromaSubsampling.C420;

    /// <summary>Turns the originals into <see cref="StudioGray"/> before they are compressed. Default: no.</summary>
    public bool Gray { get; init; }

    /// <summary>Moves enhanced pictures into the quantisation cells of their JPEG, too.</summary>
    public bool Consistent { get; init; }

    public IReadOnlyList<IMetric> Metrics { get; init; } = MetricCatalog.Default;

    /// <exception cref="ArgumentException">Something is empty or out of range; the message lists all faults.</exception>
    public void Validate()
    {
        string[] faults = [.. Faults()];
        if (faults.Length > 0)
            throw new ArgumentException(string.Join("; ", faults));
    }

    private protected virtual IEnumerable<string> Faults()
    {
        if (Originals.Count == 0)
            yield return "no originals";
        if (Qualities.Count == 0)
            yield return "no qualities";
        if (Metrics.Count == 0)
            yield return "no metrics";
        foreach (int quality in Qualities.Where(quality => quality < Codec.MinQuality || quality > Codec.MaxQuality))
            yield return $"{Codec.Name} has no quality {quality}: {Codec.MinQuality}..{Codec.MaxQuality}";
        if (Consistent && Codec is not JpegCodec)
            yield return $"{Codec.Name} has no quantisation cells to be consistent with: only jpeg has";
    }
}
