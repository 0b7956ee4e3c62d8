using Unpress.Networks.Discriminators;
using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>A network whose features can be judged instead of its pictures.</summary>
public interface IFeatureEncoder
{
    /// <summary>[N,C,H,W] of any size to features, [N, F, h, w].</summary>
    Tensor Encode(Tensor picture);

    /// <summary>A fresh discriminator that tells features of raw pictures from those of compressed ones.</summary>
    Discriminator CreateFeatureJudge();
}
