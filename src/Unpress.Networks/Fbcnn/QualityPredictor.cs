using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// FBCNN's qf_pred: residual blocks, the mean over the picture, three fully connected layers, a sigmoid. The pooling, the flattening and
/// the activations have no weights but count in the names.
/// </summary>
internal sealed class QualityPredictor : Layer
{
    private readonly GuidedBlock[] _blocks;
    private readonly Linear[] _dense;

    public QualityPredictor(long channels, int blocks)
    {
        _blocks = [.. Enumerable.Range(0, blocks).Select(k => Add($"{k}", new GuidedBlock(channels)))];
        _dense = [.. Enumerable.Range(0, 3).Select(k => Add($"{blocks + 2 + (2 * k)}", new Linear(channels, k < 2 ? channels : 1)))];
    }

    /// <param name="input">[N, C, h, w], what the encoder found.</param>
    /// <returns>[N, 1], 1 − QF/100.</returns>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var x = _blocks.Aggregate(input, (seen, block) => block.Forward(seen)).Mean([2, 3]);
        x = Functional.Relu(_dense[0].Forward(x));
        x = Functional.Relu(_dense[1].Forward(x));
        return scope.Keep(_dense[2].Forward(x).Sigmoid());
    }
}
