using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>Pictures as square patches side by side.</summary>
internal static class PatchGrid
{
    private static readonly Op Select = Op.Find("aten::index_select");

    /// <summary>[N, C, H, W] to [N·rows·columns, C, side, side], row by row.</summary>
    public static Tensor Cut(Tensor pictures, long side)
    {
        var (n, c, rows, columns) = (pictures.Size(0), pictures.Size(1), pictures.Size(2) / side, pictures.Size(3) / side);
        return pictures.Reshape(n, c, rows, side, columns, side).Permute(0, 2, 4, 1, 3, 5).Reshape(-1, c, side, side);
    }

    /// <summary>The inverse of <see cref="Cut"/>.</summary>
    public static Tensor Join(Tensor patches, long height, long width)
    {
        var (c, side) = (patches.Size(1), patches.Size(2));
        return patches.Reshape(-1, height / side, width / side, c, side, side).Permute(0, 3, 1, 4, 2, 5).Reshape(-1, c, height, width);
    }

    /// <summary>The entries of those numbers along the first dimension.</summary>
    public static Tensor Take(Tensor entries, long[] numbers)
    {
        using var index = Tensor.From(numbers, numbers.Length).To(entries.Device);
        return Select.Call(entries, 0, index);
    }
}
