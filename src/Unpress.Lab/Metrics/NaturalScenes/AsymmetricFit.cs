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
