using Unpress.Data;

namespace Unpress.Tests.Data;

public sealed class ResamplerTests
{
    public static TheoryData<ResamplingKernel> Kernels => [.. Enum.GetValues<ResamplingKernel>()];

    [Theory]
    [MemberData(nameof(Kernels))]
    public void A_flat_picture_stays_flat_and_a_ramp_keeps_its_slope(ResamplingKernel kernel)
    {
        byte[] flat = [.. Enumerable.Repeat((byte)77, 21 * 11 * 3)];
        Assert.All(Resampler.Resize(flat, 21, 11, 3, 13, 17, kernel), value => Assert.Equal(77, value));

        byte[] ramp = [.. Enumerable.Range(0, 64 * 4).Select(i => (byte)(3 * (i % 64)))];
        byte[] half = Resampler.Resize(ramp, 64, 4, 1, 32, 2, kernel);
        Assert.Equal(32 * 2, half.Length);
        // Far from the edges the middle of old pixels 2x and 2x+1 is at 3 (2x + 0.5).
        for (int x = 6; x < 26; x++)
            Assert.InRange(half[x], (6 * x) + 1, (6 * x) + 2);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void What_half_the_size_cannot_carry_is_gone(ResamplingKernel kernel)
    {
        byte[] stripes = [.. Enumerable.Range(0, 64 * 64).Select(i => (byte)(i % 2 * 255))];
        byte[] half = Resampler.Resize(stripes, 64, 64, 1, 32, 32, kernel);
        for (int x = 6; x < 26; x++)
            Assert.InRange(half[(16 * 32) + x], 126, 129);
    }

    [Theory]
    [MemberData(nameof(Kernels))]
    public void The_same_size_gives_the_same_picture(ResamplingKernel kernel)
    {
        byte[] picture = TrainingPictures.Pixels(19, 14, 3, 3);
        Assert.Equal(picture, Resampler.Resize(picture, 19, 14, 3, 19, 14, kernel));
    }

    [Fact]
    public void An_area_is_the_mean_of_what_it_covers() =>
        Assert.Equal([(byte)15, (byte)45], Resampler.Resize([10, 20, 30, 60], 4, 1, 1, 2, 1, ResamplingKernel.Area));

    [Fact]
    public void Lanczos_is_close_to_its_formula_summed_one_by_one()
    {
        byte[] line = [.. Enumerable.Range(0, 40).Select(i => (byte)(i * i * 37 % 251))];
        byte[] small = Resampler.Resize(line, 40, 1, 1, 27, 1, ResamplingKernel.Lanczos);
        double step = 40.0 / 27;
        for (int x = 0; x < 27; x++)
        {
            double sum = 0, weights = 0, centre = ((x + 0.5) * step) - 0.5;
            for (int i = -10; i < 50; i++)
            {
                double d = (i - centre) / step;
                double weight = Math.Abs(d) >= 3 ? 0 : d == 0 ? 1 : Math.Sin(Math.PI * d) / (Math.PI * d) * Math.Sin(Math.PI * d / 3) / (Math.PI * d / 3);
                (sum, weights) = (sum + (weight * line[Math.Clamp(i, 0, 39)]), weights + weight);
            }

            Assert.InRange(small[x] - Math.Clamp(sum / weights, 0, 255), -0.51, 0.51);
        }
    }
}
