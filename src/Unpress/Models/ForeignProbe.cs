using Unpress.Data;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Models;

/// <summary>
/// What a model of others does not tell is tried on small pictures: whether it gives them back in their size, and of which number height and width
/// must be multiples, and whether it comes to an end.
/// </summary>
internal static class ForeignProbe
{
    private static readonly int[] Multiples = [1, 2, 4, 8, 16, 32, 64];

    /// <param name="said">The multiple in the model's facts is known to hold.</param>
    /// <param name="patience">For all trials together.</param>
    /// <exception cref="OnnxFileException">It gives pictures of another size, or takes none of those that were tried.</exception>
    public static OnnxModel Fit(OnnxModel model, bool said, TimeSpan patience)
    {
        using var source = new CancellationTokenSource(patience);
        if (said || model.Window is not null)
        {
            Try(model, model.Facts.SizeMultiple, source.Token);
            return model;
        }

        OnnxFileException? first = null;
        foreach (int multiple in Multiples)
        {
            try
            {
                Try(model, multiple, source.Token);
            }
            catch (OnnxFileException error) when (error.InnerException is ModelException)
            {
                first ??= error;
                continue;
            }

            return multiple == 1
                ? model
                : model.With(model.Facts with { SizeMultiple = multiple, Padding = PaddingPlace.Outside });
        }

        throw first!;
    }

    /// <summary>Words for a model that is of no use here.</summary>
    public static string OtherSize(long height, long width, long madeHeight, long madeWidth)
        => madeHeight % height == 0 && madeWidth % width == 0 && madeHeight / height == madeWidth / width && madeHeight > height
            ? $"makes pictures {madeHeight / height} times as large; Unpress takes damage out of pictures and leaves their size"
            : $"makes {madeWidth}x{madeHeight} pixels of {width}x{height}; Unpress takes models that leave the size";

    private static void Try(OnnxModel model, int multiple, CancellationToken cancellation)
    {
        // Odd numbers of cells, so that no larger multiple fits by chance; not square, so that turned sides show.
        int cells = (48 / multiple) | 1;
        var (height, width) = model.Window ?? (multiple * cells, multiple * (cells + 2));
        using var picture = new Planes(model.Facts.Channels, height, width);
        for (int k = 0; k < picture.Values.Length; k++)
            picture.Values[k] = 0.25f + (0.5f * (k * 7919 % 256 / 255f));
        try
        {
            var (madeHeight, madeWidth) = model.SizeOf(picture, cancellation);
            if ((madeHeight, madeWidth) != (height, width))
                throw new OnnxFileException(model.Path, OtherSize(height, width, madeHeight, madeWidth));
        }
        catch (OperationCanceledException error) when (cancellation.IsCancellationRequested)
        {
            throw new OnnxFileException(model.Path,
                $"was stopped, for it takes too long on {width}x{height} pixels: a loop without end, or too much for this machine", error);
        }
        catch (InsufficientMemoryException error)
        {
            throw new OnnxFileException(model.Path, $"takes more memory than there is, on {width}x{height} pixels", error);
        }
        catch (ModelException error)
        {
            throw new OnnxFileException(model.Path, $"{error.Message} (tried with {width}x{height} pixels)", error);
        }
    }
}
