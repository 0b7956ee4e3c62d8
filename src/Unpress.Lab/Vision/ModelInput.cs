using Unpress.Recipes;

namespace Unpress.Vision;

/// <summary>What a model takes: RGB or BGR planes, (sample − mean) / deviation of samples 0..255.</summary>
public sealed record ModelInput : IHasFaults
{
    /// <summary>Pixels a side of its square; left out: pictures go in as they are.</summary>
    public int? Size { get; init; }

    public InputFit Fit { get; init; } = InputFit.Letterbox;

    /// <summary>What letterboxes are filled with, 0..255.</summary>
    public int Fill { get; init; } = 114;

    public bool Bgr { get; init; }

    /// <summary>Of the three bands as the model takes them, 0..255.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <inheritdoc cref="Mean"/>
    public IReadOnlyList<double> Deviation { get; init; } = [255, 255, 255];

    public IEnumerable<string> Faults()
    {
        if (Size < 8)
            yield return $"size is {Size}, must be 8 or more";
        if (Fill is < 0 or > 255)
            yield return $"fill is {Fill}, must be 0 to 255";
        if (Mean.Count != 3 || Deviation.Count != 3)
            yield return "mean and deviation must be of three bands";
        if (Deviation.Contains(0))
            yield return "deviation must not be 0";
    }
}
