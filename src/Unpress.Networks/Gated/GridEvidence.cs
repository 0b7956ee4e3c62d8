using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// Traces of JPEG's quantisation, counted over the whole picture. On the grid on which a picture was compressed, and on no other of the 64 that 8×8
/// blocks can have, many cosine coefficients are zero but for the rounding of pixels. That holds up to the highest qualities, where the steps
/// between blocks are less than a grey level. Which grid it is does not matter, nor does a crop.
/// </summary>
internal static class GridEvidence
{
    private const int Block = 8;

    // A coefficient that was zero differs from it by 0.3 grey levels, for the rounding of pixels.
    private const double Width = 0.7;

    private static readonly Op Highest = Op.Find("aten::amax");

    // The frequencies that told raw pictures from QF 60 to 95 best; lower ones are seldom zero, higher ones are so in raw pictures, too.
    private static readonly (int Row, int Column)[] Frequencies = [(4, 4), (5, 5), (3, 6), (6, 3)];

    private static readonly double[] Luma = [0.299, 0.587, 0.114];

    public static long Count => 2 * Frequencies.Length;

    /// <param name="input">[N,C,H,W], 0..1, colour or gray.</param>
    /// <returns>[N, <see cref="Count"/>]: how far the best grid stands out from all, in standard deviations (less 3, halved) and as a share of
    /// the coefficients; zero for pictures of less than 15 pixels, which have no grids to compare.</returns>
    public static Tensor In(Tensor input)
    {
        using var scope = TensorScope.Enter();
        long count = input.Shape[0], height = (input.Shape[2] - Block + 1) / Block, width = (input.Shape[3] - Block + 1) / Block;
        if (height < 1 || width < 1)
            return scope.Keep(Tensor.Zeros([count, Count], input.DType, input.Device));
        var kernels = Kernels((int)input.Shape[1]).To(input.Device).To(input.DType);
        var coefficients = Functional.Conv2d(input, kernels, null).Narrow(2, 0, height * Block).Narrow(3, 0, width * Block);
        var zeros = (coefficients.Abs() * (-1 / Width)).Exp();
        var grids = zeros.Reshape(count, Frequencies.Length, height, Block, width, Block).Mean([2, 4]).Reshape(count, Frequencies.Length, Block * Block);
        var mean = grids.Mean([2]);
        var deviation = (grids - mean.Unsqueeze(2)).Square().Mean([2]).Sqrt();
        var above = Highest.Call(grids, new long[] { 2 }, false) - mean;
        return scope.Keep(Tensor.Cat([((above / (deviation + 1e-3)) - 3) * 0.5, above], 1));
    }

    // Orthonormal cosines of the luma in grey levels.
    private static Tensor Kernels(int channels)
    {
        var values = new List<float>();
        foreach (var (row, column) in Frequencies)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                double share = channels == Luma.Length ? Luma[channel] : 1.0 / channels;
                for (int y = 0; y < Block; y++)
                    for (int x = 0; x < Block; x++)
                        values.Add((float)(255 * share * Cosine(row, y) * Cosine(column, x)));
            }
        }
        return Tensor.From(values.ToArray(), Frequencies.Length, channels, Block, Block);
    }

    private static double Cosine(int frequency, int place) => Math.Cos(Math.PI * ((2 * place) + 1) * frequency / (2 * Block)) * Math.Sqrt(2.0 / Block);
}
