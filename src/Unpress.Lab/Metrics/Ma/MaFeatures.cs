using Unpress.Torch;

namespace Unpress.Metrics;

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
        return new MaFeatures([.. levels.SelectMany(BlockDct.Of)], SubbandFeatures.Of(luma), [.. levels.SelectMany(Spread)]);
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
