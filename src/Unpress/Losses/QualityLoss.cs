using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Losses;

/// <summary>
/// mean |predicted − true quality factor| / 100, of a network that predicts it: FBCNN (Jiang et al., ICCV 2021, eq. 4), and our encoders.
/// </summary>
public sealed class QualityLoss(QualityOptions options) : ILossTerm
{
    public static LossEntry Entry { get; } = new(
        "quality", "the network tells the quality factor", section => new QualityLoss(section.Read<QualityOptions>()));

    public IEnumerable<string> Conflicts(LossPlan plan)
    {
        if (plan.Network is not IQualityPredictor)
            yield return "needs a network that predicts the quality factor, such as fbcnn";
    }

    public Tensor Evaluate(LossInput step)
    {
        var predictor = (IQualityPredictor)step.Network;
        float[] truth = [.. step.Facts.Select(facts => facts.Degradation.Compressed ? facts.Degradation.Quality : 100f)];
        var error = Error(predictor, step.Compressed, Tensor.From(truth, truth.Length, 1).To(step.Compressed.Device));
        if (!options.Raw)
            return error;
        return (error + Error(predictor, step.Raw, Tensor.Zeros([truth.Length, 1], device: step.Raw.Device) + 100)) * 0.5;
    }

    private static Tensor Error(IQualityPredictor predictor, Tensor pictures, Tensor truth)
        => (predictor.PredictQuality(pictures) - truth).Abs().Mean() / 100;
}
