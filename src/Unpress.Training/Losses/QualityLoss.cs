using Unpress.Networks;
using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// mean |predicted − true quality factor| / 100, of a network that predicts it: FBCNN (Jiang et al., ICCV 2021, eq. 4), and our encoders. With
/// classes: mean over pictures of Σ_k |p_k − [k is the true one]|, DAGN's eq. 9 (Ma et al., TIP 2024), or with entropy of −log p of the true one.
/// </summary>
public sealed class QualityLoss(QualityOptions options) : ILossTerm
{
    // No probability is so small that its logarithm is not finite.
    private const double Least = 1e-8;

    public static LossEntry Entry { get; } = new(
        "quality", "the network tells the quality factor", section => new QualityLoss(section.Read<QualityOptions>()));

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network is not IQualityPredictor { PredictsQuality: true })
            yield return "needs a network that predicts the quality factor, such as fbcnn";
        if (plan.Recipe.Data.Degradation.Type != "jpeg")
            yield return $"quality factors are JPEG's, data.degradation is {plan.Recipe.Data.Degradation.Type}";
        if (options.Classes && plan.Network is IQualityPredictor and not IQualityClassifier)
            yield return "classes: the network predicts a number, not classes";
    }

    public Tensor Evaluate(LossInput step)
    {
        int[] truth = [.. step.Facts.Select(facts => facts.Degradation.Compressed ? facts.Degradation.Quality : 100)];
        // Raw and compressed in one pass: batch norm of each alone would take away the very difference between them.
        return options.Raw
            ? Error(step, Tensor.Cat([step.Compressed, step.Raw], 0), [.. truth, .. truth.Select(_ => 100)])
            : Error(step, step.Compressed, truth);
    }

    private Tensor Error(LossInput step, Tensor pictures, int[] truth)
    {
        if (!options.Classes)
        {
            var numbers = Tensor.From(truth.Select(quality => (float)quality).ToArray(), truth.Length, 1).To(pictures.Device);
            return (step.Precisely(() => ((IQualityPredictor)step.Network).PredictQuality(pictures)) - numbers).Abs().Mean() / 100;
        }

        var found = step.Precisely(() => ((IQualityClassifier)step.Network).ClassifyQuality(pictures));
        float[] wanted = new float[truth.Length * 100];
        for (int n = 0; n < truth.Length; n++)
            wanted[(n * 100) + truth[n] - 1] = 1;
        var truly = Tensor.From(wanted, truth.Length, 100).To(pictures.Device);
        return options.Entropy
            ? (truly * (found + Least).Log()).Sum([1]).Mean() * -1
            : (found - truly).Abs().Sum([1]).Mean();
    }
}

/// <summary>Options of <see cref="QualityLoss"/>.</summary>
public sealed record QualityOptions : IHasFaults
{
    /// <summary>Ask for the raw pictures too, whose quality is 100.</summary>
    public bool Raw { get; init; }

    /// <summary>Compare probabilities of 100 classes instead of numbers, as DAGN does.</summary>
    public bool Classes { get; init; }

    /// <summary>
    /// Of the classes −log of the right one's probability, ours. DAGN's own difference has no slope where the right class is improbable, so
    /// that short trainings end with one class for all pictures.
    /// </summary>
    public bool Entropy { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Entropy && !Classes)
            yield return "entropy is true, which is of classes: set classes to true";
    }
}
