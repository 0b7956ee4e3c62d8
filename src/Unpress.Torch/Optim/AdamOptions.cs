namespace Unpress.Torch.Optim;

/// <summary>Constants of <see cref="Adam"/>; PyTorch's defaults. <paramref name="Decoupled"/> makes it AdamW.</summary>
public sealed record AdamOptions(double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double WeightDecay = 0, bool Decoupled = false);
