using System.Numerics;
using System.Runtime.InteropServices;

namespace Unpress.Metrics;

/// <summary>
/// An asymmetric generalised Gaussian fitted to a sample by its moments: Lasmar, Stitou, Berthoumieu, ICIP 2009. Exact zeros count on neither
/// side; a side without values has the deviation NaN.
/// </summary>
/// <param name="Place">Of the shape in <see cref="GaussianShapes"/>.</param>
/// <param name="Left">Root mean square of the values below zero.</param>
/// <param name="Right">Root mean square of the values above zero.</param>
internal readonly record struct AsymmetricFit(int Place, double Left, double Right)
{
    public double Shape => GaussianShapes.Shape(Place);

    public double LeftScale => Left * GaussianShapes.ScaleFactor(Place);

    public double RightScale => Right * GaussianShapes.ScaleFactor(Place);

    /// <summary>(βr − βl)·Γ(2/α)/Γ(1/α).</summary>
    public double Mean => (RightScale - LeftScale) * GaussianShapes.MeanFactor(Place);

    /// <summary>Fit to the values of a block.</summary>
    public static AsymmetricFit Of(Raster raster, int left, int top, int width, int height)
    {
        var sums = new Sums();
        for (int y = 0; y < height; y++)
            foreach (double value in raster.Row(top + y).Slice(left, width))
                sums.Add(value);
        return sums.Fit();
    }

    /// <summary>Fit to the products of neighbours: x[i, j]·x[i − down, j − right], around the block's ends.</summary>
    public static AsymmetricFit OfProducts(Raster raster, int left, int top, int width, int height, int down, int right)
    {
        var sums = new Sums();
        var products = new double[width];
        int split = (right + width) % width;
        for (int y = 0; y < height; y++)
        {
            var row = raster.Row(top + y).Slice(left, width);
            var other = raster.Row(top + ((y - down + height) % height)).Slice(left, width);
            RowSums.Multiply(products.AsSpan(0, split), row, other[(width - split)..]);
            RowSums.Multiply(products.AsSpan(split), row[split..], other);
            foreach (double product in products)
                sums.Add(product);
        }

        return sums.Fit();
    }

    private struct Sums
    {
        private double _below, _above, _absolute;
        private long _countBelow, _countAbove, _count;

        // Without branches: signs of textures are as good as random, and a wrong guess costs more than the arithmetic.
        public void Add(double value)
        {
            double below = Math.Min(value, 0), above = Math.Max(value, 0);
            _count++;
            _absolute += above - below;
            _below += below * below;
            _above += above * above;
            _countBelow += value < 0 ? 1 : 0;
            _countAbove += value > 0 ? 1 : 0;
        }

        public readonly AsymmetricFit Fit()
        {
            double left = Math.Sqrt(_below / _countBelow), right = Math.Sqrt(_above / _countAbove);
            double g = left / right, mean = _absolute / _count, ratio = mean * mean / ((_below + _above) / _count);
            double balanced = ratio * ((g * g * g) + 1) * (g + 1) / (((g * g) + 1) * ((g * g) + 1));
            return new AsymmetricFit(GaussianShapes.FindAsymmetric(balanced), left, right);
        }
    }
}

/// <summary>
/// Shapes 0.200, 0.201, …, 10.000 of generalised Gaussians with what their fits need. A fit takes the nearest shape, the first of two equally
/// near ones, and the first of all where the sample has no spread, as the authors' code does.
/// </summary>
internal static class GaussianShapes
{
    private const int Count = 9801;

    private static readonly double[] Gamma1 = Table(1), Gamma2 = Table(2), Gamma3 = Table(3);

    // Both rise with the shape.
    private static readonly double[] Symmetric = [.. Enumerable.Range(0, Count).Select(i => -Gamma1[i] * Gamma3[i] / (Gamma2[i] * Gamma2[i]))];
    private static readonly double[] Asymmetric = [.. Enumerable.Range(0, Count).Select(i => Gamma2[i] * Gamma2[i] / (Gamma1[i] * Gamma3[i]))];

    /// <summary>The place of the shape with Γ(1/γ)Γ(3/γ)/Γ(2/γ)² nearest to E[x²]/E[|x|]².</summary>
    public static int FindSymmetric(double ratio) => Nearest(Symmetric, -ratio);

    /// <summary>The place of the shape with Γ(2/α)²/(Γ(1/α)Γ(3/α)) nearest to the ratio.</summary>
    public static int FindAsymmetric(double ratio) => Nearest(Asymmetric, ratio);

    public static double Shape(int place) => (200 + place) / 1000.0;

    /// <summary>Γ(2/α)/Γ(1/α).</summary>
    public static double MeanFactor(int place) => Gamma2[place] / Gamma1[place];

    /// <summary>sqrt(Γ(1/α)/Γ(3/α)), the scale of a unit deviation.</summary>
    public static double ScaleFactor(int place) => Math.Sqrt(Gamma1[place] / Gamma3[place]);

    private static int Nearest(double[] rising, double value)
    {
        if (double.IsNaN(value))
            return 0;
        int place = Array.BinarySearch(rising, value);
        if (place >= 0)
            return place;
        int above = ~place;
        if (above == 0 || above == rising.Length)
            return Math.Min(above, rising.Length - 1);
        return value - rising[above - 1] <= rising[above] - value ? above - 1 : above;
    }

    private static double[] Table(int numerator) => [.. Enumerable.Range(0, Count).Select(i => Gamma(numerator / Shape(i)))];

    // Lanczos' approximation with g = 7 and nine terms, good to 15 digits for arguments above 1/2; below, by reflection.
    internal static double Gamma(double x)
    {
        if (x < 0.5)
            return Math.PI / (Math.Sin(Math.PI * x) * Gamma(1 - x));
        ReadOnlySpan<double> terms =
        [
            676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905, -0.13857109526572012,
            9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        double sum = 0.99999999999980993;
        for (int k = 0; k < terms.Length; k++)
            sum += terms[k] / (x + k);
        double t = x + 6.5;
        return Math.Sqrt(2 * Math.PI) * Math.Pow(t, x - 0.5) * Math.Exp(-t) * sum;
    }
}

/// <summary>
/// Mean-subtracted, contrast-normalised luma (I − µ)/(σ + 1) with a Gaussian window 7×7, σ 7/6: Mittal, Moorthy, Bovik, IEEE TIP 2012, eq. 1.
/// A difference below 1e-9 levels is set to zero: in flat areas it is nothing but rounding, and yet its sign would count in the fits that
/// follow, so that scores would depend on the order of additions.
/// </summary>
internal static class ContrastNormalisation
{
    private const int ReceptiveField = 3;
    private const double Flat = 1e-9;

    private static readonly double[] Window = Gaussian();

    /// <param name="zeroBorder">Zeros lie beyond the border (BRISQUE); otherwise its pixels are repeated (NIQE).</param>
    /// <param name="deviation">Gets the local deviation σ where the caller wants it.</param>
    public static Raster Of(Raster image, bool zeroBorder, Raster? deviation = null)
    {
        int width = image.Width;
        var result = new Raster(width, image.Height);
        var (first, second) = (new double[width + (2 * ReceptiveField)], new double[width + (2 * ReceptiveField)]);
        var (means, squares) = (new double[width], new double[width]);
        for (int y = 0; y < image.Height; y++)
        {
            Vertical(image, y, zeroBorder, first, second, squares);
            Array.Clear(means);
            Array.Clear(squares);
            for (int k = 0; k < Window.Length; k++)
            {
                RowSums.Add(means, first.AsSpan(k), Window[k]);
                RowSums.Add(squares, second.AsSpan(k), Window[k]);
            }

            Span<double> source = image.Row(y), target = result.Row(y);
            for (int x = 0; x < width; x++)
            {
                double mean = means[x], difference = source[x] - mean, sigma = Math.Sqrt(Math.Abs(squares[x] - (mean * mean)));
                target[x] = Math.Abs(difference) < Flat ? 0 : difference / (sigma + 1);
                if (deviation is not null)
                    deviation.Row(y)[x] = sigma;
            }
        }

        return result;
    }

    // Weighted sums of a column's x and x², with the border already around them.
    private static void Vertical(Raster image, int y, bool zeroBorder, double[] first, double[] second, double[] scratch)
    {
        Array.Clear(first);
        Array.Clear(second);
        for (int k = -ReceptiveField; k <= ReceptiveField; k++)
        {
            if (zeroBorder && (y + k < 0 || y + k >= image.Height))
                continue;
            var row = image.Row(Math.Clamp(y + k, 0, image.Height - 1));
            RowSums.Add(first.AsSpan(ReceptiveField, row.Length), row, Window[k + ReceptiveField]);
            RowSums.Multiply(scratch, row, row);
            RowSums.Add(second.AsSpan(ReceptiveField, row.Length), scratch, Window[k + ReceptiveField]);
        }

        if (zeroBorder)
            return;
        foreach (double[] sums in (double[][])[first, second])
        {
            sums.AsSpan(0, ReceptiveField).Fill(sums[ReceptiveField]);
            sums.AsSpan(sums.Length - ReceptiveField).Fill(sums[^(ReceptiveField + 1)]);
        }
    }

    private static double[] Gaussian()
    {
        const double Sigma = 7.0 / 6;
        double[] weights = [.. Enumerable.Range(-ReceptiveField, (2 * ReceptiveField) + 1).Select(k => Math.Exp(-k * k / (2 * Sigma * Sigma)))];
        double sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }
}

/// <summary>
/// MATLAB's <c>imresize(x, 0.5)</c>: Keys' kernel with a = −0.5, widened by two against aliasing, which is one filter of eight taps between
/// two pixels. ⌈H/2⌉×⌈W/2⌉; the border is mirrored with its pixel repeated; rows first.
/// </summary>
internal static class BicubicHalf
{
    private static readonly double[] Taps = [-3 / 256.0, -9 / 256.0, 29 / 256.0, 111 / 256.0, 111 / 256.0, 29 / 256.0, -9 / 256.0, -3 / 256.0];

    public static Raster Of(Raster image)
    {
        int width = (image.Width + 1) / 2, height = (image.Height + 1) / 2;
        var lower = new Raster(image.Width, height);
        for (int y = 0; y < height; y++)
        {
            var target = lower.Row(y);
            for (int k = 0; k < Taps.Length; k++)
                RowSums.Add(target, image.Row(Mirror((2 * y) + k - 3, image.Height)), Taps[k]);
        }

        var half = new Raster(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<double> source = lower.Row(y), target = half.Row(y);
            for (int x = 0; x < width; x++)
                for (int k = 0; k < Taps.Length; k++)
                    target[x] += Taps[k] * source[Mirror((2 * x) + k - 3, image.Width)];
        }

        return half;
    }

    internal static int Mirror(int place, int length)
    {
        int period = 2 * length;
        int within = ((place % period) + period) % period;
        return within < length ? within : period - 1 - within;
    }
}

/// <summary>Weighted sums of rows, several numbers at a time.</summary>
internal static class RowSums
{
    /// <summary>target += weight · source, for as many as the target has.</summary>
    public static void Add(Span<double> target, ReadOnlySpan<double> source, double weight)
    {
        source = source[..target.Length];
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var from = MemoryMarshal.Cast<double, Vector<double>>(source);
        for (int i = 0; i < to.Length; i++)
            to[i] += weight * from[i];
        for (int i = to.Length * Vector<double>.Count; i < target.Length; i++)
            target[i] += weight * source[i];
    }

    /// <summary>target = a · b, for as many as the target has.</summary>
    public static void Multiply(Span<double> target, ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        a = a[..target.Length];
        b = b[..target.Length];
        var to = MemoryMarshal.Cast<double, Vector<double>>(target);
        var x = MemoryMarshal.Cast<double, Vector<double>>(a);
        var y = MemoryMarshal.Cast<double, Vector<double>>(b);
        for (int i = 0; i < to.Length; i++)
            to[i] = x[i] * y[i];
        for (int i = to.Length * Vector<double>.Count; i < target.Length; i++)
            target[i] = a[i] * b[i];
    }
}
