using Unpress.Recipes;
using Unpress.Torch;

namespace Unpress.Training;

/// <summary>Where and in which precision networks run while they are trained. Losses are float32 all the same.</summary>
internal sealed class Compute(Device device, Precision precision)
{
    public Device Device { get; } = device;

    public Precision Precision { get; } = precision;

    /// <exception cref="RecipeException">The device cannot train in the recipe's precision.</exception>
    public static Compute Of(Recipe recipe, Device device)
        => recipe.Precision == Precision.Fp16 && !device.IsCuda
            ? throw new RecipeException(["precision: fp16 needs a CUDA device; bf16 runs on CPUs too"])
            : new Compute(device, recipe.Precision);

    public Tensor Run(Func<Tensor> compute)
    {
        if (Precision == Precision.Fp32)
            return compute();
        using var autocast = Autograd.Autocast(Device, Precision == Precision.Bf16 ? DType.BFloat16 : DType.Float16);
        return compute().To(DType.Float32);
    }
}
