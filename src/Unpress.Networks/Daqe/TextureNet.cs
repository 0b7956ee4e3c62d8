using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// DAQE's texture modelling (AGNet) for one cluster: local features by modulation, beside them what attention finds in the cluster's reference
/// patch. Attention goes between cells of a sixteenth of the patch's side, the means of their features.
/// </summary>
internal sealed class TextureNet : Module
{
    private readonly Modulation _local;
    private readonly Linear _query, _key, _value, _output;
    private readonly long _width, _heads, _cell;

    public TextureNet(DaqeOptions options)
    {
        (_width, _heads, _cell) = (options.Width, options.Heads, Math.Max(1, options.Patch / 16));
        _local = Add("local", new Modulation(options.Channels, options.Channels, _width));
        _query = Add("query", new Linear(_width, _width));
        _key = Add("key", new Linear(_width, _width));
        _value = Add("value", new Linear(_width, _width));
        _output = Add("output", new Linear(_width, _width));
    }

    /// <param name="patches">[M, C, P, P].</param>
    /// <param name="reference">[1, C, P, P].</param>
    /// <returns>[M, 2·width, P, P].</returns>
    public Tensor Forward(Tensor patches, Tensor reference)
    {
        using var scope = TensorScope.Enter();
        var local = _local.Forward(patches, patches);
        var cells = Cells(local);
        var known = Cells(_local.Forward(reference, reference));
        var scores = Split(_query.Forward(cells)).MatMul(Split(_key.Forward(known)).Transpose(2, 3)) / Math.Sqrt((double)_width / _heads);
        var found = Functional.Softmax(scores, 3).MatMul(Split(_value.Forward(known)));
        long side = patches.Size(2) / _cell;
        var joined = _output.Forward(found.Transpose(1, 2).Reshape(patches.Size(0), side * side, _width));
        var global = joined.Transpose(1, 2).Reshape(patches.Size(0), _width, side, side);
        return scope.Keep(Tensor.Cat([local, Functional.Interpolate(global, patches.Size(2), patches.Size(3), Interpolation.Nearest)], 1));
    }

    // [M, width, P, P] to [M, cells, width].
    private Tensor Cells(Tensor features)
        => Functional.AvgPool2d(features, _cell, _cell).Reshape(features.Size(0), _width, -1).Transpose(1, 2);

    // [M, cells, width] to [M, heads, cells, width / heads].
    private Tensor Split(Tensor tokens) => tokens.Reshape(tokens.Size(0), tokens.Size(1), _heads, _width / _heads).Transpose(1, 2);
}
