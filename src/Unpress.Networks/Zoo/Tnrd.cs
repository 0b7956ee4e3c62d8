using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// TNRD for JPEG: Chen, Pock, "Trainable Nonlinear Reaction Diffusion", CVPR 2015 and TPAMI 2017. Gray (luma). A stage is
/// u ← P(u − Σ k̃ᵢ * φᵢ(kᵢ * u)): filters of unit norm, made of the DCT basis without its constant, influence functions φᵢ of Gaussians, k̃ᵢ
/// turned by 180°; P puts every DCT coefficient back into the interval that the file's table allows, and samples into −128..127. It begins
/// with the file's own samples, before rounding. 21 312 parameters, a model for each quality factor.
/// <para>
/// The one parameter, cof, is the authors' array as their .mat files hold it (JointTraining_7x7_400_176X176_stage=4*.mat): a row a stage
/// here, a column there; first the coefficients of each filter (of the basis with the vertical frequency running fastest), then the
/// weights of each φ. The borders are mirrored as far as the two filters reach; the authors' demo mirrors one pixel less. Our reading, for
/// training from scratch: filters begin as the basis, φ as a straight line. The authors train with L-BFGS, we have Adam.
/// </para>
/// </summary>
public sealed class Tnrd : Network
{
    private static readonly Op Norm = Op.Find("aten::linalg_vector_norm");

    private readonly Tensor _coefficients;
    private readonly TnrdOptions _options;
    private readonly int _filters;

    public Tnrd(TnrdOptions options)
        : base(new NetworkFacts(Channels: 1, ReceptiveFieldOf(options), BlockDct.Side, Uses: Knowledge.Jpeg, Needs: Knowledge.Jpeg))
    {
        options.Validate();
        _options = options;
        _filters = (options.FilterSize * options.FilterSize) - 1;
        _coefficients = AddParameter(
            "cof", Tensor.From<float>([.. Enumerable.Repeat(Start(), options.Stages).SelectMany(row => row)], options.Stages, RowLength));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<TnrdOptions>(
        "tnrd", "TNRD: a few diffusion steps with trained filters, held in the file's quantisation intervals", "Chen and Pock, TPAMI 2017",
        options => new Tnrd(options));

    private int RowLength => _filters * (_filters + InfluenceFunctions.Count);

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var luma = JpegLuma.Of(conditions.Jpeg!, input.Size(2), input.Size(3));
        var u = BlockDct.Inverse(luma.Coefficients).Clamp(-128, 127);
        for (int stage = 0; stage < _options.Stages; stage++)
        {
            using var before = u;
            u = Step(before, luma, _coefficients.Narrow(0, stage, 1).Reshape(-1));
        }

        return scope.Keep(TensorColour.ToPixels(u));
    }

    private Tensor Step(Tensor u, JpegLuma luma, Tensor row)
    {
        using var scope = TensorScope.Enter();
        int size = _options.FilterSize;
        var filters = Filters(row.Narrow(0, 0, _filters * _filters).Reshape(_filters, _filters));
        var weights = row.Narrow(0, _filters * _filters, _filters * InfluenceFunctions.Count).Reshape(_filters, InfluenceFunctions.Count);
        var responses = Functional.Conv2d(Mirrored(u, size - 1), filters, null);
        var forces = InfluenceFunctions.Apply(responses, weights);
        var change = Functional.Conv2d(forces, filters.Flip(2, 3).Transpose(0, 1), null);
        var moved = BlockDct.Forward(u - change);
        return scope.Keep(BlockDct.Inverse(luma.Project(moved, _options.Slack)).Clamp(-128, 127));
    }

    /// <summary>[filters, 1, size, size] of norm 1.</summary>
    private Tensor Filters(Tensor coefficients)
    {
        int size = _options.FilterSize;
        var basis = Tensor.From(Basis(size), _filters, size * size).To(coefficients.DType).To(coefficients.Device);
        var norm = Norm.Call(coefficients, 2, new long[] { 1 }, true); // the basis is orthonormal
        return (coefficients / (norm + 1e-12)).MatMul(basis).Reshape(_filters, 1, size, size);
    }

    /// <summary>The 2-D DCT basis without its constant, a row a function, pixels row by row.</summary>
    private static double[] Basis(int size)
    {
        var rows = new List<double>();
        for (int across = 0; across < size; across++)
            for (int down = 0; down < size; down++)
                if (across + down > 0)
                    for (int pixel = 0; pixel < size * size; pixel++)
                        rows.Add(Cosine(down, pixel / size, size) * Cosine(across, pixel % size, size));
        return [.. rows];
    }

    private static double Cosine(int k, int x, int size)
        => (k == 0 ? Math.Sqrt(1.0 / size) : Math.Sqrt(2.0 / size)) * Math.Cos(((2 * x) + 1) * k * Math.PI / (2 * size));

    /// <summary>Mirrored at the edge of the last pixel, which is repeated (MATLAB's "symmetric").</summary>
    private static Tensor Mirrored(Tensor image, int border) => Mirrored(Mirrored(image, border, 2), border, 3);

    private static Tensor Mirrored(Tensor image, int border, int dimension)
        => Tensor.Cat(
            [
                image.Narrow(dimension, 0, border).Flip(dimension), image,
                image.Narrow(dimension, image.Size(dimension) - border, border).Flip(dimension),
            ],
            dimension);

    // Identity for the filters; φ so flat that a step of all filters stays a small one (each pixel is in FilterSize² places of each).
    private IEnumerable<float> Start()
        => Enumerable.Range(0, _filters * _filters).Select(k => k / _filters == k % _filters ? 1f : 0f)
            .Concat(Enumerable.Repeat(InfluenceFunctions.Straight(0.1 / (_filters + 1)), _filters).SelectMany(weights => weights));

    // Filtering twice and then the block: in every stage.
    private static int ReceptiveFieldOf(TnrdOptions options) => (options.Stages * (options.FilterSize - 1 + BlockDct.Side - 1)) + BlockDct.Side;
}

/// <summary>Options of <see cref="Tnrd"/>; the defaults are the published deblocking models.</summary>
public sealed record TnrdOptions
{
    private const int LargestFilter = 15;

    /// <summary>Diffusion steps, each with filters and influence functions of its own.</summary>
    public int Stages { get; init; } = 4;

    /// <summary>Side of the filters in pixels, odd; there are FilterSize² − 1 of them.</summary>
    public int FilterSize { get; init; } = 7;

    /// <summary>How far from the middle of its interval a coefficient may end, in steps: 0.5 is all of it, the authors' evaluation on BSDS has 0.4.</summary>
    public double Slack { get; init; } = 0.5;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        Require.Layers(Stages);
        Require.Within(FilterSize, 3, LargestFilter);
        if (FilterSize % 2 == 0)
            throw new ArgumentException($"filterSize is {FilterSize}, must be odd");
        Require.Within(Slack, 0, 0.5);
    }
}

/// <summary>TNRD's φ: for each filter a sum of 63 Gaussians at −310, −300, … 310 with standard deviation 10.</summary>
internal static class InfluenceFunctions
{
    /// <summary>Gaussians of one function.</summary>
    public const int Count = 63;

    private const double Step = 10;
    private const double Precision = 0.01;

    /// <summary>Gaussians of one height at these places add up to nearly this, √(2π).</summary>
    private static readonly double Overlap = Math.Sqrt(2 * Math.PI);

    /// <summary>Weights that make φ(z) = slope · z between the outermost centres.</summary>
    public static IEnumerable<float> Straight(double slope) => Enumerable.Range(0, Count).Select(k => (float)(slope * Centre(k) / Overlap));

    /// <param name="responses">[N, filters, H, W].</param>
    /// <param name="weights">[filters, 63].</param>
    /// <returns>The shape of the responses.</returns>
    public static Tensor Apply(Tensor responses, Tensor weights)
    {
        // One Gaussian after the other: all at once would take 63 times the memory.
        var sum = Term(0);
        for (int k = 1; k < Count; k++)
        {
            using var before = sum;
            using var term = Term(k);
            sum = before + term;
        }

        return sum;

        Tensor Term(int k)
        {
            using var scope = TensorScope.Enter();
            var height = weights.Narrow(1, k, 1).Reshape(1, -1, 1, 1);
            return scope.Keep(((responses - Centre(k)).Square() * (-Precision / 2)).Exp() * height);
        }
    }

    private static double Centre(int k) => Step * (k - (Count / 2));
}
