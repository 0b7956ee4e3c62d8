using Unpress.Data;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Models;

/// <summary>
/// Models of others whose graph takes one size alone: the picture goes through it window by window, each overlapping its neighbours by what a pixel
/// sees, at most a quarter of the window.
/// </summary>
internal static class FixedWindow
{
    private const int LargestSide = 1 << 14;

    /// <summary>Null for a graph that takes any size.</summary>
    /// <exception cref="OnnxFileException">One side is fixed and the other is not, or the result has another size.</exception>
    public static (int Height, int Width)? Of(OnnxFile file, ModelFacts facts)
    {
        var (input, output) = ForeignFacts.Ports(file);
        int down = facts.Layout == TensorLayout.Nchw ? 2 : 1;
        if (input.Sizes is not { } sizes || (sizes[down] is null && sizes[down + 1] is null))
            return null;
        if (sizes[down] is not { } height || sizes[down + 1] is not { } width)
            throw new OnnxFileException(file.Path, "takes pictures of one fixed side and one of any length");
        if (height is < 1 or > LargestSide || width is < 1 or > LargestSide)
            throw new OnnxFileException(file.Path, $"takes pictures of {width}x{height} pixels, which is no size of a window");
        if (output.Sizes is { Count: 4 } made && made[down] is { } madeHeight && made[down + 1] is { } madeWidth && (madeHeight, madeWidth) != (height, width))
            throw new OnnxFileException(file.Path, ForeignProbe.OtherSize(height, width, madeHeight, madeWidth));
        return ((int)height, (int)width);
    }

    public static void Run((int Height, int Width) window, int receptiveField, ModelInput input, Planes output, Action<ModelInput, Planes> run)
    {
        var picture = input.Picture;
        int across = Math.Min(receptiveField, window.Width / 4), down = Math.Min(receptiveField, window.Height / 4);
        using var padded = Border.Repeat(picture, Math.Max(picture.Height, window.Height), Math.Max(picture.Width, window.Width));
        using var restored = new Planes(output.Bands, window.Height, window.Width);
        foreach (var (top, fromY, toY) in Steps(padded.Height, window.Height, down))
            foreach (var (left, fromX, toX) in Steps(padded.Width, window.Width, across))
            {
                using var part = padded.Crop(left, top, window.Width, window.Height);
                run(input with { Picture = part }, restored);
                int right = Math.Min(toX, output.Width);
                for (int band = 0; band < output.Bands; band++)
                    for (int y = fromY; y < Math.Min(toY, output.Height); y++)
                        if (right > fromX)
                            restored.Row(band, y - top)[(fromX - left)..(right - left)].CopyTo(output.Row(band, y)[fromX..]);
            }
    }

    /// <summary>Where windows begin along a side, and from where to where each counts.</summary>
    private static IEnumerable<(int Start, int From, int To)> Steps(int side, int window, int overlap)
    {
        int from = 0;
        for (int start = 0; ; start = Math.Min(start + window - (2 * overlap), side - window))
        {
            int to = start + window >= side ? side : start + window - overlap;
            yield return (start, from, to);
            if (to == side)
                yield break;
            from = to;
        }
    }
}
