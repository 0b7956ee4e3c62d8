using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>What is added to each token for its place, with the list of places that the authors' files hold beside it.</summary>
internal sealed class IptPositions : Module
{
    public IptPositions(long tokens, long width)
    {
        Weight = Add("pe", new IptTable(tokens, width)).Weight;
        AddBuffer("position_ids", Tensor.From([.. Enumerable.Range(0, (int)tokens).Select(k => (long)k)], 1, tokens));
    }

    /// <summary>[tokens, width].</summary>
    public Tensor Weight { get; }
}
