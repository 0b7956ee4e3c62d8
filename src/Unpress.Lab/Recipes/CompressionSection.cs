using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>A codec and the settings to try.</summary>
public sealed record CompressionSection : IHasFaults
{
    /// <summary>Name in the list of codecs.</summary>
    public required string Codec { get; init; }

    /// <summary>In the codec's own scale.</summary>
    public required IReadOnlyList<int> Settings { get; init; }

    /// <summary>Left out: the codec's usual one, 4:2:0 where it can.</summary>
    public ChromaSubsampling? Subsampling { get; init; }

    public IEnumerable<string> Faults()
    {
        var codec = CodecList.All.FirstOrDefault(one => one.Name == Codec);
        if (codec is null)
        {
            yield return $"codec is '{Codec}', must be one of {string.Join(", ", CodecList.All.Select(one => one.Name))}";
            yield break;
        }

        if (Settings.Count == 0)
            yield return "settings is empty";
        foreach (int setting in Settings.Where(setting => setting < codec.MinQuality || setting > codec.MaxQuality))
            yield return $"{Codec} has no setting {setting}: {codec.QualityName}";
        if (Subsampling is { } subsampling && !codec.Subsamplings.Contains(subsampling))
            yield return $"{Codec} cannot code chroma subsampling {subsampling}";
    }
}
