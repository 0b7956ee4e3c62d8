using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Inference;

/// <summary>A network that is any function of its input.</summary>
internal sealed class FunctionNetwork(int channels, Func<Tensor, Tensor> function) : Network(new NetworkFacts(channels, ReceptiveField: 0))
{
    protected override Tensor Restore(Tensor input, Conditions conditions) => function(input);
}
