using Unpress.Torch;

namespace Unpress.Networks.Backbones;

/// <summary>One step of a backbone and the names that its result goes by. It returns a fresh tensor and leaves its input alone.</summary>
public sealed record BackboneStep(Func<Tensor, Tensor> Run, params string[] Names);
