using System.Globalization;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>IPT's transformer over one square: features [N, C, P, P] to the same. The feature square is cut into tokens and put together again.</summary>
internal sealed class IptBody : Module
{
    private readonly IptOptions _options;
    private readonly Linear _encoding, _head0, _head3;
    private readonly Tensor _task, _positions;
    private readonly IptLayer[] _encoder, _decoder;

    public IptBody(IptOptions options)
    {
        _options = options;
        long width = options.Embedding, tokens = options.Patch / options.Token * (options.Patch / options.Token);
        _encoding = Add("linear_encoding", new Linear(width, width));
        _head0 = Add("mlp_head.0", new Linear(width, 4 * width));
        _head3 = Add("mlp_head.3", new Linear(4 * width, width));
        _task = Add("query_embed", new IptTable(1, width * tokens)).Weight;
        _encoder = Layers("encoder", decodes: false);
        _decoder = Layers("decoder", decodes: true);
        _positions = Add("position_encoding", new IptPositions(tokens, width)).Weight;
    }

    public Tensor Forward(Tensor features)
    {
        using var scope = TensorScope.Enter();
        long width = _options.Width, token = _options.Token, across = _options.Patch / token;
        var x = features.Reshape(-1, width, across, token, across, token).Permute(0, 2, 4, 1, 3, 5)
            .Reshape(-1, across * across, _options.Embedding);
        x = x + _encoding.Forward(x) + _positions;
        foreach (var layer in _encoder)
            x = layer.Forward(x);
        var memory = x;
        var task = _task.Reshape(1, x.Size(1), x.Size(2));
        foreach (var layer in _decoder)
            x = layer.Forward(x, memory, task);
        x = x + _head3.Forward(Functional.Relu(_head0.Forward(x)));
        return scope.Keep(x.Reshape(-1, across, across, width, token, token).Permute(0, 3, 1, 4, 2, 5)
            .Reshape(-1, width, _options.Patch, _options.Patch));
    }

    private IptLayer[] Layers(string name, bool decodes)
        => [.. Enumerable.Range(0, _options.Layers).Select(k => Add(
            string.Create(CultureInfo.InvariantCulture, $"{name}.layers.{k}"), new IptLayer(_options.Embedding, _options.Heads, decodes)))];
}
