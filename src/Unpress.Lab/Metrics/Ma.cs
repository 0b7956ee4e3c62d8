using Unpress.Imaging;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>The no-reference metric of Ma et al. for super-resolved pictures.</summary>
public sealed class Ma : INoReferenceMetric
{
    public string Name => "ma";

    public string Summary => "Score of random forests on frequencies and blocks, learned from opinions on super-resolved pictures; no reference";

    public MetricContract Contract { get; } = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "round(0.298936 R + 0.587043 G + 0.114021 B); gray as stored",
        Border = "zeros beyond blocks and windows; the spectrum wraps around",
        Window = "7×7 and 5×5 pixels at three sizes; a steerable pyramid of two scales and six orientations",
        Range = "about 0..10",
        Decimals = 4,
        OnIdentical = null,
        Symmetric = false,
        MinSide = MaFeatures.MinSide,
        Weights = [MaModel.File],
        Source = "Ma, Yang, Yang, Yang, CVIU 2017; the authors' code, whose random forests have to be fetched",
    };

    public void Prepare() => _ = MaModel.Published;

    public double Measure(ImageBuffer image)
    {
        PicturePair.CheckAlone(image, this);
        return Score(Raster.Of(Luma.GrayUint8.Of(image)), Name);
    }

    /// <param name="luma">0..255, in whole numbers.</param>
    /// <param name="metric">Which asks.</param>
    /// <exception cref="IncomparableException">All pixels are alike.</exception>
    internal static double Score(Raster luma, string metric) => luma.Values.AsSpan().ContainsAnyExcept(luma.Values[0])
        ? MaModel.Published.Score(MaFeatures.Of(luma))
        : throw new IncomparableException($"{metric} needs a picture with texture, this one is flat");
}

/// <summary>MATLAB's <c>imresize</c> to a size that is not smaller: Keys' kernel with a = −0.5, the border mirrored with its pixel repeated.</summary>
internal static class BicubicEnlarged
{
    private const int Taps = 4;

    public static Raster Of(Raster image, int width, int height)
    {
        var taller = new Raster(image.Width, height);
        var (rows, rowWeights) = Plan(image.Height, height);
        for (int y = 0; y < height; y++)
            for (int k = 0; k < Taps; k++)
                RowSums.Add(taller.Row(y), image.Row(rows[(y * Taps) + k]), rowWeights[(y * Taps) + k]);
        var result = new Raster(width, height);
        var (columns, weights) = Plan(image.Width, width);
        for (int y = 0; y < height; y++)
        {
            Span<double> source = taller.Row(y), target = result.Row(y);
            for (int i = 0; i < columns.Length; i++)
                target[i / Taps] += weights[i] * source[columns[i]];
        }

        return result;
    }

    // For each place the four it is made of, and how much of each.
    private static (int[] Places, double[] Weights) Plan(int from, int to)
    {
        var (places, weights) = (new int[to * Taps], new double[to * Taps]);
        for (int x = 0; x < to; x++)
        {
            double centre = ((x + 0.5) * from / to) - 0.5;
            int first = (int)Math.Floor(centre) - 1;
            for (int k = 0; k < Taps; k++)
            {
                places[(x * Taps) + k] = BicubicHalf.Mirror(first + k, from);
                weights[(x * Taps) + k] = Keys(centre - first - k);
            }
        }

        return (places, weights);
    }

    private static double Keys(double distance)
    {
        double x = Math.Abs(distance);
        return x <= 1 ? (1.5 * x * x * x) - (2.5 * x * x) + 1 : x <= 2 ? (-0.5 * x * x * x) + (2.5 * x * x) - (4 * x) + 2 : 0;
    }
}

/// <summary>
/// The shape of a generalised Gaussian fitted to a sample, as the code of Ma et al. finds it: of shapes 0.030, 0.031, …, 10.000 the last whose
/// Γ(1/γ)Γ(3/γ)/Γ(2/γ)² is not below var/(E|x − µ|² + 10⁻⁷), and 11 where there is none.
/// </summary>
internal static class ShapeOfSample
{
    private const int Count = 9971;
    private const double None = 11, Epsilon = 1e-7;

    // Falling.
    private static readonly double[] Ratios = [.. Enumerable.Range(0, Count).Select(i => RatioOf(Shape(i)))];

    public static double Of(ReadOnlySpan<double> sample)
    {
        double mean = 0, square = 0, absolute = 0;
        foreach (double value in sample)
            mean += value;
        mean /= sample.Length;
        foreach (double value in sample)
        {
            square += (value - mean) * (value - mean);
            absolute += Math.Abs(value - mean);
        }

        absolute /= sample.Length;
        return Find(square / (sample.Length - 1) / ((absolute * absolute) + Epsilon));
    }

    private static double Find(double ratio)
    {
        if (!(ratio <= Ratios[0]) || ratio <= Ratios[^1])
            return None;
        int low = 0, high = Count - 1; // Ratios[low] >= ratio > Ratios[high]
        while (high - low > 1)
        {
            int middle = (low + high) / 2;
            (low, high) = Ratios[middle] >= ratio ? (middle, high) : (low, middle);
        }

        return Shape(low);
    }

    private static double Shape(int place) => (30 + place) / 1000.0;

    private static double RatioOf(double shape)
    {
        double middle = GaussianShapes.Gamma(2 / shape);
        return GaussianShapes.Gamma(1 / shape) * GaussianShapes.Gamma(3 / shape) / (middle * middle);
    }
}

/// <summary>
/// What the metric of Ma et al. looks at: local frequencies, global frequencies and the spread of 5×5 blocks, the first and the last at three
/// levels of a pyramid.
/// </summary>
/// <param name="Local">18 numbers.</param>
/// <param name="Global">45 numbers.</param>
/// <param name="Spatial">75 numbers.</param>
internal sealed record MaFeatures(double[] Local, double[] Global, double[] Spatial)
{
    /// <summary>The side from which on the smallest level has as many blocks as a block has pixels.</summary>
    public const int MinSide = 84;

    private const int Levels = 3, Block = 5;

    private static readonly Op SingularValues = Op.Find("aten::linalg_svdvals");

    // Gaussian 3×3, σ 0.5.
    private static readonly double Beside = Math.Exp(-2) / (1 + (2 * Math.Exp(-2)));

    /// <param name="luma">0..255, in whole numbers.</param>
    public static MaFeatures Of(Raster luma)
    {
        var levels = new Raster[Levels];
        levels[0] = new Raster(luma.Width, luma.Height, Array.ConvertAll(luma.Values, value => value / 255));
        for (int k = 1; k < Levels; k++)
            levels[k] = Halve(levels[k - 1]);
        return new MaFeatures([.. levels.SelectMany(LocalFrequencies.Of)], SubbandFeatures.Of(luma), [.. levels.SelectMany(Spread)]);
    }

    // Smoothed, zeros beyond the border, then every second pixel from the second on.
    private static Raster Halve(Raster image)
    {
        var half = new Raster(image.Width / 2, image.Height / 2);
        for (int y = 0; y < half.Height; y++)
            for (int x = 0; x < half.Width; x++)
                for (int dy = 0; dy < 3; dy++)
                    for (int dx = 0; dx < 3; dx++)
                        if ((2 * y) + dy < image.Height && (2 * x) + dx < image.Width)
                            half.Row(y)[x] += Weight(dy) * Weight(dx) * image.Row((2 * y) + dy)[(2 * x) + dx];
        return half;

        static double Weight(int place) => place == 1 ? 1 - (2 * Beside) : Beside;
    }

    // Singular values of the matrix whose columns are the picture's blocks, zeros beyond its border.
    private static double[] Spread(Raster image)
    {
        int across = (image.Width + Block - 1) / Block, down = (image.Height + Block - 1) / Block;
        var blocks = new double[Block * Block * across * down];
        for (int y = 0; y < image.Height; y++)
            for (int x = 0; x < image.Width; x++)
                blocks[(((y % Block * Block) + (x % Block)) * across * down) + (y / Block * across) + (x / Block)] = image.Row(y)[x];
        using var scope = TensorScope.Enter();
        return SingularValues.Call(Tensor.From(blocks, Block * Block, across * down)).ToArray<double>();
    }
}

/// <summary>
/// Ma's global frequencies, 45 numbers of a picture's steerable pyramid: the shapes of its twelve normalised bands and of those of one orientation
/// in both scales together; contrast and structure (SSIM without luminance) that each band has in common with the high-pass, and those that each
/// two normalised bands of the first scale have.
/// </summary>
internal static class SubbandFeatures
{
    /// <param name="image">0..255.</param>
    public static double[] Of(Raster image)
    {
        var pyramid = SteerablePyramid.Of(image);
        var normalised = pyramid.Bands.Select((bands, scale) => bands.Select((_, k) => DivisiveNormalisation.Of(pyramid, scale, k)).ToArray()).ToArray();
        var features = new List<double>();
        features.AddRange(normalised.SelectMany(bands => bands).Select(band => ShapeOfSample.Of(band.Values)));
        features.AddRange(normalised[0].Zip(normalised[1], (fine, coarse) => ShapeOfSample.Of([.. fine.Values, .. coarse.Values])));
        foreach (var band in pyramid.Bands.SelectMany(bands => bands))
        {
            bool whole = band.Width == image.Width && band.Height == image.Height;
            features.Add(InCommon(whole ? band : BicubicEnlarged.Of(band, image.Width, image.Height), pyramid.HighPass));
        }

        for (int i = 0; i < SteerablePyramid.Orientations; i++)
            for (int j = i + 1; j < SteerablePyramid.Orientations; j++)
                features.Add(InCommon(normalised[0][i], normalised[0][j]));
        return [.. features];
    }

    private static double InCommon(Raster a, Raster b) => SsimMap.Mean(Stored(a), Stored(b), SsimWindow.Gaussian).ContrastStructure;

    private static StoredPlane Stored(Raster raster) => new(raster.Width, raster.Height, raster.Values);
}

/// <summary>
/// Two scales of six oriented bands and what is above them: Simoncelli and Freeman, "The Steerable Pyramid", ICIP 1995, in the frequency domain.
/// Bands of the first scale have the picture's size, those of the second half of it, rounded up. The transitions, which Simoncelli's code reads
/// out of tables of 256 and 1,024 places, are computed: they differ by less than 10⁻⁵.
/// </summary>
/// <param name="HighPass">What no band holds.</param>
/// <param name="Bands">[scale][orientation].</param>
internal sealed record SteerablePyramid(Raster HighPass, Raster[][] Bands)
{
    public const int Scales = 2, Orientations = 6;

    // sqrt(2^(2n)·(n!)²/((n + 1)·(2n)!)) with n = 5, for cos⁵.
    private static readonly double Gain = Math.Sqrt(1024.0 * 120 * 120 / (6.0 * 3628800));

    private static readonly Op Transform = Op.Find("aten::fft_fft2"), Inverse = Op.Find("aten::fft_ifft2"), Shift = Op.Find("aten::fft_fftshift"),
        ShiftBack = Op.Find("aten::fft_ifftshift"), RealPart = Op.Find("aten::real"), ImaginaryPart = Op.Find("aten::imag");

    public static SteerablePyramid Of(Raster image)
    {
        using var scope = TensorScope.Enter();
        double[] columns = Ramp(image.Width), rows = Ramp(image.Height);
        double centre = 2.0 / image.Width; // the radius that stands for zero: that of the place beside it
        var spectrum = Shift.Call(Transform.Call(Tensor.From(image.Values, image.Height, image.Width)));
        var high = Picture(RealPart, spectrum * Mask((radius, _, _) => High(radius, -0.5)));
        var low = spectrum * Mask((radius, _, _) => Low(radius, -0.5));
        var bands = new Raster[Scales][];
        for (int scale = 0; scale < Scales; scale++)
        {
            double position = -1.5 - scale;
            // (−i)⁵ = −i times the spectrum: its real part is the imaginary part without it.
            bands[scale] = [.. Enumerable.Range(0, Orientations)
                .Select(k => Picture(ImaginaryPart, low * Mask((radius, x, y) => High(radius, position) * Angle(x, y, k))))];
            var (left, width) = Middle(columns.Length);
            var (top, height) = Middle(rows.Length);
            (columns, rows) = (columns[left..(left + width)], rows[top..(top + height)]);
            low = low.Narrow(0, top, height).Narrow(1, left, width) * Mask((radius, _, _) => Low(radius, position));
        }

        return new SteerablePyramid(high, bands);

        Tensor Mask(Func<double, double, double, double> of)
        {
            var mask = new double[rows.Length * columns.Length];
            for (int i = 0; i < mask.Length; i++)
            {
                double x = columns[i % columns.Length], y = rows[i / columns.Length], radius = Math.Sqrt((x * x) + (y * y));
                // At zero frequency the angle is that of the first column: to the right.
                mask[i] = radius > 0 ? of(Math.Log2(radius), x / radius, y / radius) : of(Math.Log2(centre), 1, 0);
            }

            return Tensor.From(mask, rows.Length, columns.Length);
        }
    }

    private static Raster Picture(Op part, Tensor spectrum)
    {
        using var scope = TensorScope.Enter();
        var picture = part.Call(Inverse.Call(ShiftBack.Call(spectrum))).Contiguous();
        return new Raster((int)picture.Size(1), (int)picture.Size(0), picture.ToArray<double>());
    }

    // Frequencies from −1 to 1, zero in the middle of the shifted spectrum.
    private static double[] Ramp(int length) => [.. Enumerable.Range(0, length).Select(i => (i - (length / 2)) / (length / 2.0))];

    // The lower half of the frequencies, with zero in its middle again.
    private static (int Start, int Length) Middle(int length) => ((length / 2) - ((length + 1) / 2 / 2), (length + 1) / 2);

    // A raised cosine over one octave of log₂ radius, its middle at the position, and its complement in power.
    private static double High(double radius, double position) => Math.Cos(Phase(radius, position));

    private static double Low(double radius, double position) => -Math.Sin(Phase(radius, position));

    private static double Phase(double radius, double position) => Math.Clamp(((radius - position) * Math.PI / 2) - (Math.PI / 4), -Math.PI / 2, 0);

    // cos⁵ of the angle from the orientation.
    private static double Angle(double x, double y, int orientation)
    {
        double along = (x * Math.Cos(Math.PI * orientation / Orientations)) + (y * Math.Sin(Math.PI * orientation / Orientations));
        return Gain * along * along * along * along * along;
    }
}

/// <summary>
/// A band of a pyramid divided by how strong its neighbourhood is, as in DIIVINE (Moorthy and Bovik, IEEE TIP 2011, section III): nine pixels, the
/// one above in the coarser scale, and those of the other orientations, x, give z² = xᵀ·C⁻¹·x/N with C = E[x·xᵀ].
/// </summary>
internal static class DivisiveNormalisation
{
    private const int Guard = 16, PixelsAtOnce = 1 << 16;

    /// <summary>The band without its outermost pixel, divided; then without a guard of 16 pixels (8 in the second scale), and without its mean.</summary>
    public static Raster Of(SteerablePyramid pyramid, int scale, int orientation)
    {
        var band = pyramid.Bands[scale][orientation];
        int width = band.Width - 2, height = band.Height - 2, guard = Guard >> scale;
        double[] strength = Strength(pyramid, scale, orientation);
        double mean = 0;
        for (int y = 0; y < height; y++)
            foreach (double value in band.Row(y + 1).Slice(1, width))
                mean += value / ((double)width * height);
        var result = new Raster(width - (2 * guard), height - (2 * guard));
        for (int y = 0; y < result.Height; y++)
        {
            Span<double> target = result.Row(y), source = band.Row(y + guard + 1)[(guard + 1)..], divisors = strength.AsSpan(((y + guard) * width) + guard);
            for (int x = 0; x < target.Length; x++)
                target[x] = divisors[x] == 0 ? 0 : (source[x] - mean) / divisors[x];
        }

        double rest = result.Values.Average();
        for (int i = 0; i < result.Values.Length; i++)
            result.Values[i] -= rest;
        return result;
    }

    // z of every pixel but the outermost.
    private static double[] Strength(SteerablePyramid pyramid, int scale, int orientation)
    {
        using var scope = TensorScope.Enter();
        var bands = pyramid.Bands[scale];
        Tensor[] others = [.. bands.Where((_, k) => k != orientation).Select(Tensorial)];
        var own = Tensorial(bands[orientation]);
        // In the authors' code the last orientation of the first scale has no parent either.
        bool parent = scale == 0 && orientation < SteerablePyramid.Orientations - 1;
        if (parent)
            others = [Tensorial(Above(pyramid.Bands[1][orientation], bands[orientation])), .. others];
        int width = (int)own.Size(1) - 2, height = (int)own.Size(0) - 2, neighbours = 9 + (parent ? 1 : 0), rows = Math.Max(1, PixelsAtOnce / width);
        var products = Tensor.Zeros([9 + others.Length, 9 + others.Length], DType.Float64);
        for (int y = 0; y < height; y += rows)
        {
            using var strip = TensorScope.Enter();
            var x = Neighbourhoods(y, Math.Min(rows, height - y));
            products.Copy(products + x.MatMul(x.Transpose(0, 1)));
        }

        var inverse = InverseOf(products / ((double)width * height));
        var strength = new double[width * height];
        for (int y = 0; y < height; y += rows)
        {
            using var strip = TensorScope.Enter();
            var x = Neighbourhoods(y, Math.Min(rows, height - y));
            (inverse.MatMul(x) * x / neighbours).Sum([0]).Sqrt().CopyTo(strength.AsSpan(y * width, Math.Min(rows, height - y) * width));
        }

        return strength;

        // [neighbours, pixels]
        Tensor Neighbourhoods(int top, int count)
        {
            var near = Enumerable.Range(0, 9).Select(k => own.Narrow(0, top + (k / 3), count).Narrow(1, k % 3, width));
            var far = others.Select(band => band.Narrow(0, top + 1, count).Narrow(1, 1, width));
            return Tensor.Cat([.. near.Concat(far).Select(part => part.Reshape(1, -1))], 0);
        }
    }

    // Twice as large, cut to the finer band, which has a pixel less where its side is odd.
    private static Raster Above(Raster coarse, Raster fine)
    {
        var twice = BicubicEnlarged.Of(coarse, 2 * coarse.Width, 2 * coarse.Height);
        var cut = new Raster(fine.Width, fine.Height);
        for (int y = 0; y < cut.Height; y++)
            twice.Row(y)[..cut.Width].CopyTo(cut.Row(y));
        return cut;
    }

    // Of what is positive in the matrix, scaled so that its trace stays, the pseudoinverse with MATLAB's tolerance.
    private static Tensor InverseOf(Tensor covariance)
    {
        var (values, vectors) = SymmetricEigen.Of(covariance);
        double[] found = values.ToArray<double>();
        double positive = found.Where(value => value > 0).Sum(), all = found.Sum(), largest = Math.Max(0, found[^1]) * all / positive;
        double tolerance = found.Length * (Math.BitIncrement(largest) - largest);
        double[] inverse = [.. found.Select(value => value * all / positive is var kept && kept > tolerance ? 1 / kept : 0)];
        return (vectors * Tensor.From(inverse, inverse.Length)).MatMul(vectors.Transpose(0, 1));
    }

    private static Tensor Tensorial(Raster raster) => Tensor.From(raster.Values, raster.Height, raster.Width);
}
