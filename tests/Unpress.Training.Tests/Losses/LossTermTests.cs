using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Jpeg;
using Unpress.Losses;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Patches;
using Unpress.Tests.Inference;
using Unpress.Torch;

namespace Unpress.Tests.Losses;

/// <summary>Terms that are formulas of pictures.</summary>
public sealed class LossTermTests
{
    [Fact]
    public void Ssim_is_one_minus_the_metric()
    {
        TorchRuntime.Seed(7);
        var a = Tensor.Rand([1, 2, 14, 13], DType.Float64);
        var b = Tensor.Rand([1, 2, 14, 13], DType.Float64);
        Assert.Equal(1 - PlainSsim(a, b), new SsimLoss().Evaluate(Step(a, a, b)).Item(), 1e-9);
        Assert.Equal(0, new SsimLoss().Evaluate(Step(a, a, a)).Item(), 1e-9);
    }

    [Fact]
    public void The_psnr_loss_is_the_mean_of_the_patches_own_psnr()
    {
        var y = Tensor.Rand([2, 3, 8, 8], DType.Float64);
        // Errors of 0.1 and of 0.01: 20 dB and 40 dB.
        var x = Tensor.Cat([y.Narrow(0, 0, 1) + 0.1, y.Narrow(0, 1, 1) - 0.01], 0);
        Assert.Equal(-30, new PsnrLoss(new() { Epsilon = 1e-12 }).Evaluate(Step(y, x, y)).Item(), 1e-6);
        // With an epsilon of 40 dB the second counts as 37 dB.
        Assert.Equal(-10 * ((2 - Math.Log10(1.01)) + (4 - Math.Log10(2))) / 2, new PsnrLoss(new() { Epsilon = 1e-4 }).Evaluate(Step(y, x, y)).Item(), 1e-6);
    }

    [Fact]
    public void The_dct_loss_of_a_constant_error_sees_the_dc_alone()
    {
        var y = Tensor.Rand([1, 1, 16, 16], DType.Float64);
        // DC is 8 times the mean; 1 coefficient in 64.
        Assert.Equal(0.1 * 8 / 64, new DctLoss().Evaluate(Step(y, y + 0.1, y)).Item(), 1e-9);
    }

    [Fact]
    public void The_grid_loss_sees_a_pattern_of_two_pixels_and_hardly_anything_else()
    {
        var y = Tensor.Rand([1, 3, 32, 32], DType.Float64);
        const double Least = 1.0 / (255 * 255);
        Assert.Equal(0, Of(0.1), 1e-12); // an even error
        double[] checker = [.. Enumerable.Range(0, 32 * 32).Select(i => ((i % 32) + (i / 32)) % 2 == 0 ? 0.1 : -0.1)];
        Assert.Equal(0.01 / (0.01 + Least), Of(Tensor.From(checker, 1, 1, 32, 32)), 1e-9);
        double[] stripes = [.. Enumerable.Range(0, 32 * 32).Select(i => i % 2 == 0 ? 0.1 : 0)];
        Assert.Equal(0.0025 / (0.0025 + Least), Of(Tensor.From(stripes, 1, 1, 32, 32)), 1e-9);
        double[] wide = [.. Enumerable.Range(0, 32 * 32).Select(i => i % 32 / 8 % 2 == 0 ? 0.1 : -0.1)];
        Assert.Equal(0, Of(Tensor.From(wide, 1, 1, 32, 32)), 1e-12); // stripes of eight pixels are none
        double noise = new GridLoss().Evaluate(Step(y, Tensor.Rand([4, 3, 32, 32], DType.Float64), y)).Item();
        Assert.InRange(noise, 0.008, 0.016); // 3/256

        double Of(object error) => new GridLoss().Evaluate(Step(y, error is Tensor pattern ? y + pattern : y + (double)error, y)).Item();
    }

    [Theory]
    [InlineData(ChromaSubsampling.C420)]
    [InlineData(ChromaSubsampling.C422)]
    [InlineData(ChromaSubsampling.C444)]
    public void The_jpeg_loss_is_zero_inside_the_cells_and_quadratic_outside(ChromaSubsampling subsampling)
    {
        const int Quality = 20;
        var x = Tensor.Rand([2, 3, 32, 32], DType.Float64);
        // In luma alone: R, G and B by the same amount.
        double half = StandardTables.Luma(Quality)[0] / 2.0 / 255 / 8;
        Assert.Equal(0, Jpeg(x, x + (half * 0.99), subsampling), 1e-12);
        double outside = Math.Pow(half * 8 * 1.5, 2) - Math.Pow(half * 8, 2);
        double chromaShare = subsampling switch { ChromaSubsampling.C420 => 1.5, ChromaSubsampling.C422 => 2, _ => 3 };
        Assert.Equal(outside / 64 / chromaShare, Jpeg(x, x + (half * 1.5), subsampling), 1e-10);
    }

    [Fact]
    public void The_jpeg_loss_counts_chroma_in_its_own_plane_and_skips_patches_off_the_grid()
    {
        var x = Tensor.Rand([2, 3, 32, 32], DType.Float64) * 0.5;
        // Blue by 0.3 moves Cb by 255 · 0.3 · 0.886 / 1.772, and Y, and Cr.
        var moved = Tensor.Cat([x.Narrow(1, 0, 2), x.Narrow(1, 2, 1) + 0.3], 1);
        double all = Jpeg(x, moved, ChromaSubsampling.C420);
        Assert.True(all > 0);
        Assert.Equal(all / 2, Jpeg(x, moved, ChromaSubsampling.C420, secondOffset: 8), 1e-12);
        Assert.Equal(all / 2, Jpeg(x, moved, ChromaSubsampling.C420, secondOffset: 3), 1e-12);
        Assert.Equal(Jpeg(x, moved, ChromaSubsampling.C444), Jpeg(x, moved, ChromaSubsampling.C444, secondOffset: 8), 1e-12);

        // The same by hand, coefficient by coefficient, at 4:2:0.
        var difference = TensorColour.ToSamples(moved) - TensorColour.ToSamples(x);
        double sum = Plane(difference.Narrow(1, 0, 1), StandardTables.Luma(20));
        for (int c = 1; c < 3; c++)
            sum += Plane(ChromaSampling.Reduce(difference.Narrow(1, c, 1)), StandardTables.Chroma(20));
        Assert.Equal(sum / (2 * 32 * 32 * 1.5), all, 1e-10);

        static double Plane(Tensor plane, ushort[] table)
        {
            double[] found = BlockDct.Forward(plane).ToArray<double>();
            int width = (int)plane.Size(3);
            return found.Select((value, at) => Math.Max(0,
                Math.Pow(value / 255, 2) - Math.Pow(table[(at / width % 8 * 8) + (at % width % 8)] / 510.0, 2))).Sum();
        }
    }

    [Fact]
    public void Perceptual_distance_sums_the_layers_with_their_weights_and_passes_gradients_to_the_picture_alone()
    {
        TorchRuntime.Seed(8);
        using var vgg = new Vgg(new VggOptions { Width = 2 });
        vgg.Freeze();
        FeatureLayer[] layers = [new() { Name = "conv1_2", Weight = 0.5 }, new() { Name = "conv3_4", Weight = 2 }];
        var distance = new PerceptualDistance(vgg, layers, DistanceKind.L1);
        var a = Tensor.Rand([2, 3, 32, 32]);
        var b = Tensor.Rand([2, 3, 32, 32]);
        a.RequiresGrad = true;
        var measured = distance.PerImage(a, b);
        var (first, second) = (vgg.Features(a, "conv1_2", "conv3_4"), vgg.Features(b, "conv1_2", "conv3_4"));
        double expected = (0.5 * Functional.L1Loss(first["conv1_2"], second["conv1_2"]).Item()) + (
            2 * Functional.L1Loss(first["conv3_4"], second["conv3_4"]).Item());
        Assert.Equal([2], measured.Shape);
        Assert.Equal(expected, measured.Mean().Item(), 1e-6);
        measured.Mean().Backward();
        Assert.True(a.Grad!.Abs().Sum().Item() > 0);
        Assert.All(vgg.Parameters(), parameter => Assert.Null(parameter.Grad));
    }

    [Fact]
    public void Quality_is_compared_as_a_number_or_class_by_class()
    {
        using var network = new ThreeToOne();
        var x = Tensor.Rand([2, 1, 8, 8]);
        PatchFacts[] facts = [Facts(7), Facts(3)];
        var step = new LossInput(network, x, x, facts);
        // It says 7 with 0.75 and 3 with 0.25 of every picture: 6 on average; raw is 100.
        Assert.Equal((1 + 3) / 2.0 / 100, new QualityLoss(new()).Evaluate(step).Item(), 1e-6);
        Assert.Equal((0.5 + 1.5) / 2, new QualityLoss(new() { Classes = true }).Evaluate(step).Item(), 1e-6);
        Assert.Equal((Math.Log(1 / 0.75) + Math.Log(1 / 0.25)) / 2, new QualityLoss(new() { Classes = true, Entropy = true }).Evaluate(step).Item(), 1e-6);
        Assert.Equal((((0.5 + 1.5) / 2) + 2) / 2, new QualityLoss(new() { Classes = true, Raw = true }).Evaluate(step).Item(), 1e-6);
        Assert.Equal([2, 2, 4], network.Batches); // raw and compressed together, for batch norm to see both

        static PatchFacts Facts(int quality) => new(0, 0, 0, 0, true, new DegradationFacts(true, quality, 0, default, 0, 0, 0, 0));
    }

    private static double Jpeg(Tensor x, Tensor enhanced, ChromaSubsampling subsampling, int secondOffset = 0)
    {
        PatchFacts[] facts = [Facts(0), Facts(secondOffset)];
        return new JpegLoss(new()).Evaluate(Step(x, enhanced, x, facts)).Item();

        PatchFacts Facts(int offset) => new(0, 0, 0, 0, false, new DegradationFacts(true, 20, 0, subsampling, offset, 0, 0, 0));
    }

    private static LossInput Step(Tensor x, Tensor enhanced, Tensor y, IReadOnlyList<PatchFacts>? facts = null)
        => new(new FunctionNetwork((int)x.Size(1), _ => enhanced), x, y, facts ?? []);

    // The definition, window by window.
    private static double PlainSsim(Tensor a, Tensor b)
    {
        double[] weights = [.. Enumerable.Range(-5, 11).Select(k => Math.Exp(-k * k / 4.5))];
        double norm = weights.Sum();
        double[] first = a.ToArray<double>(), second = b.ToArray<double>();
        var (channels, height, width) = ((int)a.Size(1), (int)a.Size(2), (int)a.Size(3));
        var values = new List<double>();
        for (int c = 0; c < channels; c++)
        {
            for (int top = 0; top + 11 <= height; top++)
            {
                for (int left = 0; left + 11 <= width; left++)
                {
                    double meanA = 0, meanB = 0, aa = 0, bb = 0, ab = 0;
                    for (int k = 0; k < 121; k++)
                    {
                        double weight = weights[k / 11] * weights[k % 11] / (norm * norm);
                        int at = (((c * height) + top + (k / 11)) * width) + left + (k % 11);
                        (meanA, meanB) = (meanA + (weight * first[at]), meanB + (weight * second[at]));
                        (aa, bb, ab) = (aa + (weight * first[at] * first[at]), bb + (weight * second[at] * second[at]), ab + (weight * first[at] * second[at]));
                    }

                    double numerator = ((2 * meanA * meanB) + 1e-4) * ((2 * (ab - (meanA * meanB))) + 9e-4);
                    values.Add(numerator / (((meanA * meanA) + (meanB * meanB) + 1e-4) * (aa - (meanA * meanA) + bb - (meanB * meanB) + 9e-4)));
                }
            }
        }

        return values.Average();
    }

    private sealed class ThreeToOne() : Network(new NetworkFacts(1, ReceptiveField: 0)), IQualityClassifier
    {
        public List<long> Batches { get; } = [];

        public Tensor ClassifyQuality(Tensor input)
        {
            Batches.Add(input.Size(0));
            float[] one = new float[100];
            (one[6], one[2]) = (0.75f, 0.25f);
            return Tensor.From([.. Enumerable.Repeat(one, (int)input.Size(0)).SelectMany(row => row)], input.Size(0), 100);
        }

        public Tensor PredictQuality(Tensor input) => Tensor.Zeros([input.Size(0), 1]) + 6;

        protected override Tensor Restore(Tensor input, Conditions conditions) => input;
    }
}
