using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>The windows of a Swin transformer: pictures cut into w×w squares, who may attend to whom, and how far that reaches.</summary>
internal static class SwinWindows
{
    private static readonly Op IndexOp = Op.Find("aten::index.Tensor");

    /// <summary>[N, H, W, C] to [N·windows, w·w, C], windows row by row. H and W are multiples of w.</summary>
    public static Tensor Cut(Tensor picture, int window)
    {
        var (n, h, w, c) = Sizes(picture);
        return picture.Reshape(n, h / window, window, w / window, window, c).Permute(0, 1, 3, 2, 4, 5).Reshape(-1, window * window, c);
    }

    /// <summary>The inverse of <see cref="Cut"/>.</summary>
    public static Tensor Join(Tensor windows, int window, long height, long width)
        => windows.Reshape(-1, height / window, width / window, window, window, windows.Size(-1))
            .Permute(0, 1, 3, 2, 4, 5).Reshape(-1, height, width, windows.Size(-1));

    /// <summary>[N, H, W, C] moved cyclically by <paramref name="shift"/> rows and columns; negative is up and left.</summary>
    public static Tensor Roll(Tensor picture, int shift) => Roll(Roll(picture, shift, 1), shift, 2);

    /// <summary>
    /// What is added to the attention of the shifted windows, [windows, w², w²]: 0 between pixels that were neighbours before the shift,
    /// −100 between those that the cyclic move brought together from opposite borders.
    /// </summary>
    public static Tensor Mask(int window, int shift, int height, int width)
    {
        // Only the last row and column of windows hold pixels of two sides: there are four kinds of windows.
        int tokens = window * window, across = width / window, down = height / window;
        var kinds = new float[4 * tokens * tokens];
        for (int kind = 0; kind < 4; kind++)
            for (int a = 0; a < tokens; a++)
                for (int b = 0; b < tokens; b++)
                    kinds[(((kind * tokens) + a) * tokens) + b] = Side(kind, a) == Side(kind, b) ? 0 : -100;
        var kindOf = new long[across * down];
        for (int k = 0; k < kindOf.Length; k++)
            kindOf[k] = (k / across == down - 1 ? 2 : 0) + (k % across == across - 1 ? 1 : 0);
        return IndexOp.Call(Tensor.From(kinds, 4, tokens, tokens), Value.OptionalList(Tensor.From(kindOf, kindOf.Length)));

        int Side(int kind, int token)
            => (kind >= 2 && token / window >= window - shift ? 2 : 0) + (kind % 2 == 1 && token % window >= window - shift ? 1 : 0);
    }

    /// <summary>Row of the bias table for each pair of pixels of a window, [w², w²]: their distance down and right, each 0..2w−2.</summary>
    public static Tensor RelativeIndex(int window)
    {
        int tokens = window * window;
        var index = new long[tokens * tokens];
        for (int a = 0; a < tokens; a++)
            for (int b = 0; b < tokens; b++)
                index[(a * tokens) + b] = (((a / window) - (b / window) + window - 1) * ((2 * window) - 1)) + (a % window) - (b % window) + window - 1;
        return Tensor.From(index, tokens, tokens);
    }

    /// <summary>Pixels that an output pixel sees in one direction at most, found by walking back through the layers from every place in a window.</summary>
    public static int Reach(SwinIrOptions options)
    {
        int reach = 0;
        for (int pixel = 0; pixel < options.Window; pixel++)
        {
            int low = pixel - 2, high = pixel + 2; // conv_last and conv_after_body
            foreach (int depth in options.Depths.Reverse())
            {
                (low, high) = (low - 1, high + 1); // the group's convolution
                for (int layer = depth - 1; layer >= 0; layer--)
                {
                    int shift = layer % 2 == 0 ? 0 : options.Window / 2;
                    low = Floor(low - shift, options.Window) + shift;
                    high = Floor(high - shift, options.Window) + options.Window - 1 + shift;
                }
            }

            reach = Math.Max(reach, Math.Max(pixel - low, high - pixel) + 1); // conv_first
        }

        return reach;
    }

    private static Tensor Roll(Tensor picture, int shift, int dimension)
    {
        long size = picture.Size(dimension), first = shift > 0 ? size - shift : -shift;
        return Tensor.Cat([picture.Narrow(dimension, first, size - first), picture.Narrow(dimension, 0, first)], dimension);
    }

    private static int Floor(int value, int window) => (int)Math.Floor(value / (double)window) * window;

    private static (long N, long H, long W, long C) Sizes(Tensor picture)
    {
        var shape = picture.Shape;
        return (shape[0], shape[1], shape[2], shape[3]);
    }
}
