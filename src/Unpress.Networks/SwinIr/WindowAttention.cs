using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Multi-head self-attention inside windows, with a learned bias for every distance between two pixels of a window.</summary>
internal sealed class WindowAttention : Module
{
    private static readonly Op IndexOp = Op.Find("aten::index.Tensor");
    private readonly Tensor _biasTable;
    private readonly Tensor _biasIndex;
    private readonly Linear _qkv;
    private readonly Linear _proj;
    private readonly int _heads;
    private readonly int _tokens;

    public WindowAttention(int width, int window, int heads)
    {
        (_heads, _tokens) = (heads, window * window);
        _biasTable = AddParameter("relative_position_bias_table", Tensor.Empty([((2 * window) - 1) * ((2 * window) - 1), heads]));
        Init.Normal(_biasTable, 0, SwinBlock.Deviation);
        _biasIndex = AddBuffer("relative_position_index", SwinWindows.RelativeIndex(window));
        _qkv = Add("qkv", SwinBlock.Start(new Linear(width, 3 * width)));
        _proj = Add("proj", SwinBlock.Start(new Linear(width, width)));
    }

    /// <param name="windows">[N·windows, w², C].</param>
    /// <param name="mask">[windows, w², w²], added to the attention; null for windows that are not shifted.</param>
    public Tensor Forward(Tensor windows, Tensor? mask)
    {
        using var scope = TensorScope.Enter();
        var shape = windows.Shape;
        long count = shape[0], width = shape[2], perHead = width / _heads;
        var qkv = _qkv.Forward(windows).Reshape(count, _tokens, 3, _heads, perHead).Permute(2, 0, 3, 1, 4); // 3 × [count, heads, w², C/heads]
        var query = Part(qkv, 0) * Math.Pow(perHead, -0.5);
        var scores = query.MatMul(Part(qkv, 1).Transpose(-2, -1)) + Bias();
        if (mask is not null)
            scores = (scores.Reshape(-1, mask.Size(0), _heads, _tokens, _tokens) + mask.Unsqueeze(1).Unsqueeze(0))
                .Reshape(count, _heads, _tokens, _tokens);
        var mixed = Functional.Softmax(scores, -1).MatMul(Part(qkv, 2));
        return scope.Keep(_proj.Forward(mixed.Transpose(1, 2).Reshape(count, _tokens, width)));
    }

    private static Tensor Part(Tensor qkv, int index) => qkv.Narrow(0, index, 1).Squeeze(0);

    private Tensor Bias()
        => IndexOp.Call(_biasTable, Value.OptionalList(_biasIndex)).Permute(2, 0, 1).Unsqueeze(0);
}
