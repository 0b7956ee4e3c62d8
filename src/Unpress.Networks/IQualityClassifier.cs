using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>A network that predicts the quality factor as one of 100 classes.</summary>
public interface IQualityClassifier : IQualityPredictor
{
    /// <summary>Probabilities of the quality factors 1..100 of [N,C,H,W]: [N, 100].</summary>
    Tensor ClassifyQuality(Tensor input);
}
