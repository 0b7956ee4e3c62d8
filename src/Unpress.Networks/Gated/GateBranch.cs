using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// How much a picture needs: what is left of it without the mean of each pixel's neighbourhood, where edges of blocks, rings and
/// the flatness inside of blocks show and the picture's subject hardly does; four convolutions that see two and more blocks of JPEG, their
/// means over the picture, two fully connected layers. On request with what <see cref="GridEvidence"/> counts, which convolutions do not find.
/// </summary>
internal sealed class GateBranch : Layer
{
    // Differences of neighbours are some hundredths; layers start for numbers near 1.
    private const double Scale = 16;

    private readonly Sequential _features;
    private readonly Linear _hidden, _last;
    private readonly Linear? _grid;

    public GateBranch(long channels, long width, bool grid, double start)
    {
        long deep = width * 4;
        _features = Add("features", new Sequential(
            Conv2d.Same(channels, width, 3), new Relu(),
            new Conv2d(width, width * 2, 3, stride: 2, padding: 1), new Relu(),
            new Conv2d(width * 2, deep, 3, stride: 2, padding: 1), new Relu(),
            Conv2d.Same(deep, deep, 3), new Relu()));
        _hidden = Add("hidden", new Linear(deep, deep));
        _grid = grid ? Add("grid", new Linear(GridEvidence.Count, deep)) : null;
        _last = Add("last", new Linear(deep, 1));
        Init.Constant(_last.Bias!, start);
    }

    /// <param name="input">[N,C,H,W] of any size.</param>
    /// <returns>[N, 1], to go through a sigmoid: 0 for a picture to be left alone, 1 for all that the network can do.</returns>
    public override Tensor Forward(Tensor input)
    {
        using var scope = TensorScope.Enter();
        var detail = (input - Functional.AvgPool2d(input, 3, 1, padding: 1, countPadding: false)) * Scale;
        var hidden = _hidden.Forward(_features.Forward(detail).Mean([2, 3]));
        if (_grid is not null) // evidence to judge by, not to be trained away in the picture: hence detached
            hidden += _grid.Forward(GridEvidence.In(input.Detach()));
        return scope.Keep(_last.Forward(Functional.Relu(hidden)));
    }
}
