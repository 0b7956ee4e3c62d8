using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// QGAC's RRDB: three dense blocks of five 3×3 convolutions as wide as the input, a PReLU behind each, everything added at 0.2. In the
/// frequency network the convolutions have 64 groups and the features are joined plainly, as in the authors' code: from the second
/// convolution on a group sees neighbouring frequencies, too.
/// </summary>
internal sealed class DenseResidual : Layer
{
    private const double Scale = 0.2;

    private readonly Dense[] _blocks;

    /// <param name="groups">1, or 64 for one group a frequency.</param>
    public DenseResidual(long channels, long groups = 1)
        => _blocks = [.. Enumerable.Range(1, 3).Select(k => Add($"block{k}", new Dense(channels, groups)))];

    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        return scope.Keep((_blocks.Aggregate(input, (x, block) => block.Forward(x)) * Scale) + input);
    }

    private sealed class Dense : Layer
    {
        private readonly Layer[] _convolutions;
        private readonly PRelu[] _activations;

        public Dense(long channels, long groups)
        {
            _convolutions = new Layer[5];
            _activations = new PRelu[5];
            for (int k = 0; k < 5; k++)
            {
                _convolutions[k] = groups == 1
                    ? Add($"conv{k + 1}", Conv2d.Same(channels * (k + 1), channels, 3))
                    : Add($"conv{k + 1}", new FrequencyConv(channels * (k + 1) / groups, channels / groups));
                _activations[k] = Add($"relu{k + 1}", new PRelu());
            }
        }

        public override Tensor Forward(Tensor input)
        {
            using var scope = TensorScope.Enter();
            var seen = input;
            for (int k = 0; ; k++)
            {
                var next = _activations[k].Forward(_convolutions[k].Forward(seen));
                if (k == 4)
                    return scope.Keep((next * Scale) + input);
                seen = Tensor.Cat([seen, next], 1);
            }
        }
    }
}
