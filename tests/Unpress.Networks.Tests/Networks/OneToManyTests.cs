using System.Text.Json.Nodes;
using Unpress.Data;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks;

public sealed class OneToManyTests
{
    [Theory]
    [InlineData(4, 2)]
    [InlineData(2, 2)]
    [InlineData(6, 2)]
    [InlineData(5, 3)]
    public void A_constant_input_gives_a_constant_output_whatever_the_filter(int kernel, int stride)
    {
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Zeros([1, 2, 3, 4]) + 0.7;
        for (ulong seed = 1; seed <= 5; seed++)
        {
            TorchRuntime.Seed(seed);
            using var averaged = new AveragedUpsampling(2, 3, kernel, stride);
            using var plain = new AveragedUpsampling(2, 3, kernel, stride, average: false);
            var output = averaged.Forward(input);
            Assert.Equal([1, 3, 3 * stride, 4 * stride], output.Shape);
            Assert.True(Spread(output) < 1e-5, $"seed {seed}");
            Assert.True(Spread(plain.Forward(input)) > 0.01, "without the averaging the filter shows");
        }
    }

    [Fact]
    public void The_average_is_that_of_copies_moved_right_and_down()
    {
        TorchRuntime.Seed(1);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var averaged = new AveragedUpsampling(2, 1, 4, 2);
        using var plain = new AveragedUpsampling(2, 1, 4, 2, average: false);
        Copy(averaged, plain);
        var input = Tensor.Rand([1, 2, 4, 5]);
        float[] full = plain.Forward(input).ToArray<float>(), mean = averaged.Forward(input).ToArray<float>();
        for (int y = 1; y < 8; y++)
            for (int x = 1; x < 10; x++)
            {
                float expected = (At(y, x) + At(y - 1, x) + At(y, x - 1) + At(y - 1, x - 1)) / 4;
                Assert.Equal(expected, mean[(y * 10) + x], 5);
            }

        float At(int y, int x) => full[(y * 10) + x];
    }

    [Fact]
    public void Away_from_the_border_it_is_the_transposed_convolution_of_libtorch()
    {
        TorchRuntime.Seed(2);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var plain = new AveragedUpsampling(2, 3, 4, 2, average: false);
        var (weight, bias) = (plain.Parameters()[0], plain.Parameters()[1]);
        var input = Tensor.Rand([1, 2, 5, 6]);
        var expected = Functional.ConvTranspose2d(input, weight, bias, stride: 2, padding: 1);
        var difference = (plain.Forward(input) - expected).Abs().Narrow(2, 1, 8).Narrow(3, 1, 10);
        Assert.True(difference.Max().Item() < 1e-5);
    }

    [Theory]
    [InlineData(true, 1_556_353)]
    [InlineData(false, 1_112_001)]
    public void It_has_the_parameters_of_the_default_reading(bool noise, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = OneToMany.Entry.Create(new JsonObject { ["noise"] = noise });
        Assert.Equal(expected, network.ParameterCount());
        Assert.Equal(noise, network.Facts.Uses.HasFlag(Knowledge.Noise));
    }

    // Why it matters: what the units add up grows with their number, and a network that begins with answers far outside 0..1 learns nothing else for long.
    [Theory]
    [InlineData(true, 0.1, 1)]
    [InlineData(false, 1.5, 20)]
    public void Its_first_answers_have_the_scale_of_pictures_only_with_the_last_activation(bool last, double least, double most)
    {
        TorchRuntime.Seed(3);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var network = OneToMany.Entry.Create(new JsonObject { ["noise"] = false, ["width"] = 32, ["lastActivation"] = last });
        network.Train();
        var output = network.Forward(Tensor.Rand([4, 1, 32, 32]));
        double deviation = Math.Sqrt((output - output.Mean()).Square().Mean().Item());
        Assert.InRange(deviation, least, most);
    }

    [Fact]
    public void Another_noise_gives_another_picture_and_none_gives_always_the_same()
    {
        using var network = SmallNetworks.Make("one-to-many");
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([1, 3, 13, 11]);
        Tensor a = Tensor.Randn([1, 1, 13, 11]), b = Tensor.Randn([1, 1, 13, 11]);
        float[] first = With(a);
        Assert.Equal(first, With(a));
        Assert.NotEqual(first, With(b));
        Assert.Equal(With(null), With(null));
        Assert.Equal(With(null), With(a * 0));
        network.Train();
        Assert.NotEqual(With(null), With(null));

        float[] With(Tensor? noise) => network.Forward(input, new Conditions { Noise = noise }).ToArray<float>();
    }

    [Fact]
    public void A_given_quality_takes_the_place_of_the_estimate_that_the_survey_makes()
    {
        using var network = SmallNetworks.Make("one-to-many");
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Tensor input = Tensor.Rand([1, 3, 12, 10]), other = Tensor.Rand([1, 3, 20, 24]) * 0.1;
        var surveyed = network.Survey(input, Conditions.None);
        float[] own = network.Forward(input).ToArray<float>();
        Assert.Equal(own, network.Forward(input, surveyed).ToArray<float>());
        Assert.NotEqual(own, network.Forward(input, network.Survey(other, Conditions.None)).ToArray<float>());
        var given = new Conditions { Quality = Tensor.Ones([1, 1]) * 10 };
        Assert.Same(given, network.Survey(other, given));
        Assert.NotEqual(own, network.Forward(input, given).ToArray<float>());
    }

    [Fact]
    public void A_tile_with_its_part_of_the_noise_is_a_part_of_the_whole()
    {
        using var network = SmallNetworks.Make("one-to-many");
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        int receptiveField = network.Facts.ReceptiveField + (network.Facts.ReceptiveField % 2), size = 16 + (2 * receptiveField);
        var input = Tensor.Rand([1, 3, size, size]);
        var known = network.Survey(input, new Conditions { Noise = Tensor.Randn([1, 1, size, size]) });
        var seen = new PixelArea(16, 16, size - 16, size - 16);
        var part = input.Narrow(2, 16, size - 16).Narrow(3, 16, size - 16);
        var tile = network.Forward(part, known.At(seen));
        var whole = network.Forward(input, known).Narrow(2, 16, size - 16).Narrow(3, 16, size - 16);
        int rest = size - 16 - receptiveField;
        var difference = (tile - whole).Abs().Narrow(2, receptiveField, rest).Narrow(3, receptiveField, rest);
        Assert.True(difference.Max().Item() < 1e-5, difference.Max().Item().ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static double Spread(Tensor output)
        => Enumerable.Range(0, (int)output.Size(1)).Max(k =>
        {
            var channel = output.Narrow(1, k, 1);
            return channel.Max().Item() - channel.Min().Item();
        });

    private static void Copy(Module from, Module to)
    {
        foreach (var (source, target) in from.Parameters().Zip(to.Parameters()))
            target.Copy(source);
    }
}
