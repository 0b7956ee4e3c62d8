using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>A network that can say how strongly a picture was compressed.</summary>
public interface IQualityPredictor
{
    /// <summary>False where its options leave the predictor out.</summary>
    bool PredictsQuality => true;

    /// <summary>The quality factor that it sees in [N,C,H,W] of any size: [N, 1], about 1..100, 100 for a raw picture.</summary>
    Tensor PredictQuality(Tensor input);
}
