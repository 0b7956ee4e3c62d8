namespace Unpress.Data;

/// <summary>How a picture is scaled: the kernel that weighs old samples by their distance, in new sampling distances where it shrinks.</summary>
public enum ResamplingKernel
{
    /// <summary>The mean of the old pixels under a new one.</summary>
    Area,

    /// <summary>A triangle of 2 samples.</summary>
    Bilinear,

    /// <summary>Keys' cubic with a = −0.5, 4 samples.</summary>
    Bicubic,

    /// <summary>Lanczos-3, 6 samples.</summary>
    Lanczos,
}

/// <summary>
/// Scales interleaved 8-bit pixels to any size, separably, in the stored (gamma) values, edges repeated. Where it shrinks, the kernel is
/// stretched to the new sampling distance, as Pillow and ImageMagick do.
/// </summary>
public static class Resampler
{
    /// <param name="pixels">height × width × bands.</param>
    /// <returns>newHeight × newWidth × bands.</returns>
    public static byte[] Resize(
        ReadOnlySpan<byte> pixels, int width, int height, int bands, int newWidth, int newHeight, ResamplingKernel kernel)
    {
        foreach (int side in (int[])[width, height, bands, newWidth, newHeight])
            ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        if (pixels.Length != (long)width * height * bands)
            throw new ArgumentException($"expected {(long)width * height * bands} bytes, got {pixels.Length}", nameof(pixels));
        var across = Taps.Of(width, newWidth, kernel);
        var down = Taps.Of(height, newHeight, kernel);
        int row = newWidth * bands;
        float[] narrow = new float[row * height];
        for (int y = 0; y < height; y++)
            across.Apply(pixels.Slice(y * width * bands, width * bands), bands, narrow.AsSpan(y * row, row));

        byte[] result = new byte[row * newHeight];
        float[] sums = new float[row];
        for (int y = 0; y < newHeight; y++)
        {
            Array.Clear(sums);
            for (int tap = 0; tap < down.Count; tap++)
            {
                float weight = down.Weights[(y * down.Count) + tap];
                var line = narrow.AsSpan(Math.Clamp(down.First[y] + tap, 0, height - 1) * row, row);
                for (int i = 0; i < row; i++)
                    sums[i] += weight * line[i];
            }

            for (int i = 0; i < row; i++)
                result[(y * row) + i] = (byte)Math.Clamp(MathF.Round(sums[i]), 0, 255);
        }

        return result;
    }

    /// <summary>For each new sample the first old one that counts and the weights of <paramref name="Count"/> old ones, which sum to 1.</summary>
    private readonly record struct Taps(int Count, int[] First, float[] Weights)
    {
        public static Taps Of(int length, int newLength, ResamplingKernel kernel)
        {
            double step = (double)length / newLength, stretch = Math.Max(1, step), radius = Radius(kernel) * stretch;
            int count = (int)Math.Ceiling(2 * radius) + 1;
            int[] first = new int[newLength];
            float[] weights = new float[newLength * count];
            double[] line = new double[count];
            for (int x = 0; x < newLength; x++)
            {
                double centre = ((x + 0.5) * step) - 0.5;
                first[x] = (int)Math.Ceiling(centre - radius);
                for (int tap = 0; tap < count; tap++)
                    line[tap] = Weight(kernel, (first[x] + tap - centre) / stretch);
                double sum = line.Sum();
                for (int tap = 0; tap < count; tap++)
                    weights[(x * count) + tap] = (float)(line[tap] / sum);
            }

            return new Taps(count, first, weights);
        }

        public void Apply(ReadOnlySpan<byte> line, int bands, Span<float> output)
        {
            int last = (line.Length / bands) - 1;
            for (int x = 0; x < First.Length; x++)
            {
                for (int band = 0; band < bands; band++)
                {
                    float sum = 0;
                    for (int tap = 0; tap < Count; tap++)
                        sum += Weights[(x * Count) + tap] * line[(Math.Clamp(First[x] + tap, 0, last) * bands) + band];
                    output[(x * bands) + band] = sum;
                }
            }
        }
    }

    /// <summary>Where the kernel ends, in samples.</summary>
    private static double Radius(ResamplingKernel kernel) => kernel switch
    {
        ResamplingKernel.Area => 0.5,
        ResamplingKernel.Bilinear => 1,
        ResamplingKernel.Bicubic => 2,
        _ => 3,
    };

    private static double Weight(ResamplingKernel kernel, double distance)
    {
        double d = Math.Abs(distance);
        return kernel switch
        {
            // A sample on the border counts for both neighbours by half.
            ResamplingKernel.Area => d < 0.5 ? 1 : d == 0.5 ? 0.5 : 0,
            ResamplingKernel.Bilinear => Math.Max(0, 1 - d),
            ResamplingKernel.Bicubic => d < 1 ? (((1.5 * d) - 2.5) * d * d) + 1 : d < 2 ? (((((-0.5 * d) + 2.5) * d) - 4) * d) + 2 : 0,
            _ => d == 0 ? 1 : d < 3 ? 3 * Math.Sin(Math.PI * d) * Math.Sin(Math.PI * d / 3) / (Math.PI * Math.PI * d * d) : 0,
        };
    }
}
