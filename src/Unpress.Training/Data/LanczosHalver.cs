namespace Unpress.Data;

/// <summary>
/// Halves a picture with the Lanczos-3 kernel stretched to the new sampling distance (12 taps), separably, in the stored (gamma)
/// values, edges repeated. An odd last row or column is dropped.
/// </summary>
public static class LanczosHalver
{
    private const int Taps = 12;

    private static readonly float[] Kernel = MakeKernel();

    /// <summary>Interleaved 8-bit pixels in, (<paramref name="width"/> / 2) × (<paramref name="height"/> / 2) of them out.</summary>
    public static byte[] Halve(ReadOnlySpan<byte> pixels, int width, int height, int bands)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 2);
        if (pixels.Length != width * height * bands)
            throw new ArgumentException($"expected {width * height * bands} bytes, got {pixels.Length}", nameof(pixels));
        int halfWidth = width / 2, halfHeight = height / 2, row = halfWidth * bands;
        float[] narrow = new float[row * height];
        for (int y = 0; y < height; y++)
        {
            var line = pixels.Slice(y * width * bands, width * bands);
            for (int x = 0; x < halfWidth; x++)
            {
                for (int band = 0; band < bands; band++)
                {
                    float sum = 0;
                    for (int tap = 0; tap < Taps; tap++)
                        sum += Kernel[tap] * line[(Math.Clamp((2 * x) + tap - 5, 0, width - 1) * bands) + band];
                    narrow[(y * row) + (x * bands) + band] = sum;
                }
            }
        }

        byte[] result = new byte[row * halfHeight];
        float[] sums = new float[row];
        for (int y = 0; y < halfHeight; y++)
        {
            Array.Clear(sums);
            for (int tap = 0; tap < Taps; tap++)
            {
                var line = narrow.AsSpan(Math.Clamp((2 * y) + tap - 5, 0, height - 1) * row, row);
                for (int i = 0; i < row; i++)
                    sums[i] += Kernel[tap] * line[i];
            }

            for (int i = 0; i < row; i++)
                result[(y * row) + i] = (byte)Math.Clamp(MathF.Round(sums[i]), 0, 255);
        }

        return result;
    }

    private static float[] MakeKernel()
    {
        // The new pixel's centre lies midway between old pixels 5 and 6 of the twelve: distances ±0.5, ±1.5, … ±5.5 old pixels.
        double[] weights = new double[Taps];
        for (int tap = 0; tap < Taps; tap++)
        {
            double distance = (tap - 5.5) / 2;
            weights[tap] = Sinc(distance) * Sinc(distance / 3);
        }

        double sum = weights.Sum();
        return [.. weights.Select(weight => (float)(weight / sum))];
    }

    private static double Sinc(double x) => Math.Sin(Math.PI * x) / (Math.PI * x);
}
