using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>The usual start of residual generators without normalisation.</summary>
internal static class SmallStart
{
    private const double Scale = 0.1;

    /// <summary>Every convolution of the tree by He's normal rule times 0.1, biases 0.</summary>
    public static void Apply(Module module)
    {
        foreach (var (name, tensor) in module.NamedParameters())
        {
            if (name.EndsWith(".bias", StringComparison.Ordinal))
                Init.Constant(tensor, 0);
            else
                Init.KaimingNormal(tensor, scale: Scale);
        }
    }
}
