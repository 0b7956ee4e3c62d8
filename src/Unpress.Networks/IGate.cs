using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>A network that decides how much it does to a picture.</summary>
public interface IGate
{
    /// <summary>Before the sigmoid: how sure it is that [N,C,H,W] of any size needs enhancement, [N, 1].</summary>
    Tensor Need(Tensor input);
}
