using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks;

/// <summary>
/// A restoration network: [N,C,H,W] float, 0..1, RGB or gray in, the same shape out. Any size is taken: the picture is padded here to the
/// network's multiple, and cropped again.
/// </summary>
public abstract class Network : Module
{
    protected Network(NetworkFacts facts) => Facts = facts;

    public NetworkFacts Facts { get; }

    /// <param name="conditions">What is known besides the pixels; null for nothing.</param>
    /// <exception cref="ArgumentException">The channel count is not the network's, or a condition it needs is missing.</exception>
    public Tensor Forward(Tensor input, Conditions? conditions = null)
    {
        conditions ??= Conditions.None;
        var shape = input.Shape; // N C H W
        if (shape.Length != 4 || shape[1] != Facts.Channels)
            throw new ArgumentException($"the network takes [N, {Facts.Channels}, H, W], got [{string.Join(", ", shape)}]");
        if (Facts.Needs.HasFlag(Knowledge.Jpeg) && conditions.Jpeg is null)
            throw new ArgumentException("the network works on the coefficients of a JPEG file, and there are none");
        using var padded = Padded(input);
        if (padded.Shape.AsSpan().SequenceEqual(shape))
            return Restore(input, conditions);
        var output = Restore(padded, conditions.Cover(padded.Size(2), padded.Size(3)));
        return output.Narrow(2, 0, shape[2]).Narrow(3, 0, shape[3]);
    }

    /// <summary>
    /// The parts of a network that look at the whole picture (a predicted quality factor, a decision to stop early): run once before a
    /// picture is cut into tiles, so that all tiles share the answer. A network that has none returns what it was given. Adds to
    /// <see cref="Conditions.Global"/>, and leaves alone what the caller has decided. Not called for a picture in one piece: there
    /// <see cref="Restore"/> finds the same itself, without computing anything twice.
    /// </summary>
    /// <param name="whole">[N,C,H,W] of any size; the middle of a picture that is too large for the memory.</param>
    /// <param name="given">What is known, for the same pixels.</param>
    public virtual Conditions Survey(Tensor whole, Conditions given) => given;

    /// <summary>The conditions under which the network does all the work that it can do: for measuring time and memory.</summary>
    public virtual Conditions WithMostWork(Conditions given) => given;

    /// <summary>
    /// The network itself, on sizes that are multiples of <see cref="NetworkFacts.SizeMultiple"/>. What is not in
    /// <see cref="Conditions.Global"/> it finds in this input.
    /// </summary>
    protected abstract Tensor Restore(Tensor input, Conditions conditions);

    /// <summary>
    /// The input with its last row and column repeated up to the next multiple of <see cref="NetworkFacts.SizeMultiple"/>; otherwise where
    /// the network's authors do otherwise.
    /// </summary>
    protected virtual Tensor Padded(Tensor input)
    {
        long right = Missing(input.Size(3)), bottom = Missing(input.Size(2));
        return right == 0 && bottom == 0 ? input.Alias() : Functional.Pad(input, 0, right, 0, bottom, Padding.Replicate);
    }

    /// <summary>Rows or columns to be added to a side: up to the next multiple, unless the network's authors do otherwise.</summary>
    protected virtual long Missing(long size) => (Facts.SizeMultiple - (size % Facts.SizeMultiple)) % Facts.SizeMultiple;
}

/// <summary>What the rest of the program must know of a network.</summary>
/// <param name="Channels">1 for gray, 3 for RGB.</param>
/// <param name="ReceptiveField">
/// Pixels that an output pixel sees in each direction: tiles overlap at least this much. What <see cref="Network.Survey"/> finds is not counted.
/// </param>
/// <param name="SizeMultiple">Height and width are padded to multiples of this; tiles start on multiples of it.</param>
/// <param name="Uses">What it makes use of besides the pixels where it is known.</param>
/// <param name="Needs">What of that it cannot do without.</param>
public sealed record NetworkFacts(
    int Channels, int ReceptiveField, int SizeMultiple = 1, Knowledge Uses = Knowledge.None, Knowledge Needs = Knowledge.None)
{
    /// <summary>
    /// Layers everywhere look at the mean of the whole picture: no survey can tell them all, and in tiles the result is close to that of the
    /// picture in one piece, not equal.
    /// </summary>
    public bool SeesWhole { get; init; }
}

/// <summary>A network with several outputs, each after more layers, that stops at the first which is good enough.</summary>
public interface IEarlyExit
{
    /// <summary>How many outputs there are; with one there is nothing to decide.</summary>
    int Exits { get; }

    /// <summary>
    /// All outputs for one picture, [1,C,H,W], the earliest first, each with whether it is good enough: a truth value without dimensions.
    /// </summary>
    IReadOnlyList<(Tensor Output, Tensor IsGood)> AllJudged(Tensor input);
}

/// <summary>A network that predicts the quality factor as one of 100 classes.</summary>
public interface IQualityClassifier : IQualityPredictor
{
    /// <summary>Probabilities of the quality factors 1..100 of [N,C,H,W]: [N, 100].</summary>
    Tensor ClassifyQuality(Tensor input);
}

/// <summary>A network that can say how strongly a picture was compressed.</summary>
public interface IQualityPredictor
{
    /// <summary>False where its options leave the predictor out.</summary>
    bool PredictsQuality => true;

    /// <summary>The quality factor that it sees in [N,C,H,W] of any size: [N, 1], about 1..100, 100 for a raw picture.</summary>
    Tensor PredictQuality(Tensor input);
}
