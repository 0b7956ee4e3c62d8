using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>What PowerQE's networks do where two levels meet and their sizes differ by a pixel.</summary>
internal static class SizeFit
{
    /// <summary>Crops, or pads with zeros, to the height and width of <paramref name="like"/>; the odd pixel goes to the right and bottom.</summary>
    public static Tensor Centre(Tensor input, Tensor like)
    {
        var (shape, wanted) = (input.Shape, like.Shape);
        long rows = wanted[2] - shape[2], columns = wanted[3] - shape[3];
        if (rows == 0 && columns == 0)
            return input.Alias();
        long top = rows / 2, left = columns / 2; // rounds towards zero: cropping takes its odd pixel from the right and bottom as well
        return Functional.Pad(input, left, columns - left, top, rows - top, Padding.Zero);
    }
}
