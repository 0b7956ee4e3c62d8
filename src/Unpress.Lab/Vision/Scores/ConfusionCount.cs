using Unpress.Imaging;
using Unpress.Metrics;
using Unpress.Vision.Annotations;

namespace Unpress.Vision.Scores;

/// <summary>How often pixels of each class were taken for each other class: for the mean intersection over union of a set. Pictures come one after the other.</summary>
public sealed class ConfusionCount
{
    private readonly long[,] _count = new long[256, 256];

    /// <summary>Mean over the classes that are in a mask or in an answer of right pixels / (right, missed and wrong pixels), 0..1; null where nothing counts.</summary>
    public double? MeanIntersectionOverUnion =>
        Enumerable.Range(0, VocMask.Nothing).Select(IntersectionOverUnion).Average();

    /// <summary>The same of one class; null where it is neither in a mask nor in an answer.</summary>
    public double? IntersectionOverUnion(int ofClass)
    {
        long union = -_count[ofClass, ofClass];
        for (int other = 0; other < 256; other++)
            union += _count[ofClass, other] + _count[other, ofClass];
        return union > 0 ? (double)_count[ofClass, ofClass] / union : null;
    }

    /// <param name="truth">Classes, gray; <see cref="VocMask.Nothing"/> does not count.</param>
    /// <param name="answer">Classes, gray, of the same size.</param>
    /// <exception cref="IncomparableException">The sizes differ.</exception>
    public void Add(ImageBuffer truth, ImageBuffer answer)
    {
        if (truth.Width != answer.Width || truth.Height != answer.Height)
            throw new IncomparableException($"a mask of {truth.Width}x{truth.Height} does not belong to a picture of {answer.Width}x{answer.Height}");
        for (int i = 0; i < truth.Data.Length; i++)
        {
            if (truth.Data[i] != VocMask.Nothing)
                _count[truth.Data[i], answer.Data[i]]++;
        }
    }
}
