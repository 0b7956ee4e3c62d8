using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>Learned numbers that are looked up, one row for each place: PyTorch's Embedding, from the normal distribution.</summary>
internal sealed class IptTable : Module
{
    public IptTable(long rows, long width) => Weight = AddParameter("weight", Tensor.Randn([rows, width]));

    /// <summary>[rows, width].</summary>
    public Tensor Weight { get; }
}
