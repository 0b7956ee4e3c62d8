using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Metrics;

namespace Unpress.Evaluation;

/// <summary>What a <see cref="RestoreTable"/> is made from.</summary>
public sealed record RestoreTableOptions
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

    /// <summary>Measures each restored picture once more, moved into the quantisation cells of its JPEG.</summary>
    public bool Consistent { get; init; }

    public IReadOnlyList<IMetric> Metrics { get; init; } = MetricCatalog.Default;

    /// <exception cref="ArgumentException">Something is empty or out of range; the message lists all faults.</exception>
    public void Validate()
    {
        var faults = new List<string>();
        if (Originals.Count == 0)
            faults.Add("no originals");
        if (Qualities.Count == 0)
            faults.Add("no qualities");
        if (Metrics.Count == 0)
            faults.Add("no metrics");
        foreach (int quality in Qualities.Where(quality => quality < Codec.MinQuality || quality > Codec.MaxQuality))
            faults.Add($"{Codec.Name} has no quality {quality}: {Codec.MinQuality}..{Codec.MaxQuality}");
        if (Consistent && Codec is not JpegCodec)
            faults.Add($"{Codec.Name} has no quantisation cells to be consistent with: only jpeg has");
        if (faults.Count > 0)
            throw new ArgumentException(string.Join("; ", faults));
    }
}
