using Unpress.Torch;

namespace Unpress.Metrics;

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
            bands[scale] = [.. Enumerable.Range(0, Orientations).Select(k => Picture(ImaginaryPart, low * Mask((radius, x, y) => High(radius, position) * Angle(x, y, k))))];
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
