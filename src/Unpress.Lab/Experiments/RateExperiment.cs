using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Rate against quality: the same measurements as "restore" over four settings or more of each codec, so that curves can be drawn through them and
/// the space between two curves can be given as a number.
/// </summary>
public sealed class RateExperiment : IExperiment
{
    /// <summary>A cubic through fewer points is none.</summary>
    private const int FewestSettings = 4;

    public string Name => "rate";

    public string Summary => "bits per pixel against every metric, per codec; BD-BR and BD-PSNR";

    public IEnumerable<string> Faults(LabRecipe recipe) =>
        from compression in recipe.Compression
        where compression.Settings.Distinct().Count() < FewestSettings
        select $"compression: {compression.Codec} has fewer than {FewestSettings} settings, which make no curve";
}
