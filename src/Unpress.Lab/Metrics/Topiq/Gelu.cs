using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Metrics;

/// <summary>x·Φ(x), exact.</summary>
internal sealed class Gelu : Layer
{
    public override Tensor Forward(Tensor input) => Functional.Gelu(input);
}
