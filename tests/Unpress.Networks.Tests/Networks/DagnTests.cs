using System.Text.Json.Nodes;
using Unpress.Data;
using Unpress.Networks;
using Unpress.Networks.Profiling;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks;

public sealed class DagnTests
{
    // What the released file holds, less the projection that its mode does not use: the published 109.9 million.
    private const long Projection = (1024 * 512) + 512 + (2 * 512);

    [Theory]
    [InlineData("Added", true, true, 109_914_019 + Projection)]
    [InlineData("Joined", true, true, 109_914_019 + Projection)]
    [InlineData("None", true, true, 108_600_995)]
    [InlineData("Literal", true, true, 110_961_827)]
    [InlineData("None", false, false, 57_747_203)]
    public void It_has_the_published_number_of_parameters(string fusion, bool insensitive, bool sensitive, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = Dagn.Entry.Create(new JsonObject
        {
            ["fusion"] = fusion,
            ["insensitiveGuidance"] = insensitive,
            ["sensitiveGuidance"] = sensitive,
        });
        Assert.Equal(expected, network.ParameterCount());
    }

    [Fact]
    public void It_costs_what_the_paper_says()
    {
        var work = NetworkProfile.Of(Dagn.Entry).Layers.Work;
        Assert.Equal(952.8e9, work.Table, 1e9);
        Assert.Equal(931.5e9, work.True, 1e9);
    }

    [Fact]
    public void The_decoder_has_the_published_layers()
    {
        using var shapes = ShapesOnly.Enter();
        using var decoder = new DagnDecoder(1024);
        Assert.Equal(16_453_299, decoder.ParameterCount());
        Assert.Equal(14, decoder.NamedParameters().Count(entry => entry.Tensor.Rank == 4)); // the encoder's conv5 is the fifteenth
    }

    [Theory]
    [InlineData("Added", true, false)]
    [InlineData("Literal", false, true)]
    [InlineData("None", true, true)]
    [InlineData("Joined", false, false)]
    [InlineData("None", false, false)]
    public void The_survey_of_the_whole_makes_tiles_exact(string fusion, bool insensitive, bool sensitive)
    {
        using var network = Make(fusion, insensitive, sensitive);
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        int receptiveField = network.Facts.ReceptiveField + 16 - (network.Facts.ReceptiveField % 16), width = 64 + (2 * receptiveField);
        var picture = Tensor.Rand([1, 3, 21, width]);
        var known = network.Survey(picture, Conditions.None);
        var whole = network.Forward(picture);
        double rounding = 1e-5 * (1 + whole.Abs().Max().Item());
        Assert.True((network.Forward(picture, known) - whole).Abs().Max().Item() <= rounding);
        var part = picture.Narrow(3, 32, width - 32);
        var tile = network.Forward(part, known.At(new PixelArea(32, 0, width - 32, 21)));
        long rest = width - 32 - receptiveField;
        var difference = (tile.Narrow(3, receptiveField, rest) - whole.Narrow(3, 32 + receptiveField, rest)).Abs().Max().Item();
        Assert.True(difference <= rounding, $"{difference}");
    }

    [Fact]
    public void Guidance_and_fusion_look_at_the_whole_picture()
    {
        using var network = Make("Added", true, true);
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Tensor picture = Tensor.Rand([1, 3, 16, 16]), other = Tensor.Rand([1, 3, 32, 48]) * 0.2;
        float[] own = network.Forward(picture).ToArray<float>();
        var seen = network.Survey(other, Conditions.None);
        Assert.NotEqual(own, network.Forward(picture, seen).ToArray<float>());
        Assert.Equal(["insensitive", "keys", "sensitive", "values"], seen.Global.Keys.Order());
        Assert.Equal([1, 4, 85], seen.Global["keys"].Shape);
    }

    [Fact]
    public void Frozen_encoders_keep_weights_and_statistics_while_the_rest_is_trained()
    {
        using var network = Make("Added", true, true);
        network.Train();
        using var scope = TensorScope.Enter();
        var before = Encoders(network);
        network.Forward(Tensor.Rand([2, 3, 16, 16])).Sum().Backward();
        Assert.Equal(before, Encoders(network));
        Assert.All(
            network.NamedParameters().Where(entry => !entry.Tensor.RequiresGrad),
            entry => Assert.Matches(@"^(ie|se|fusion_block\.conv_bn_dropout)\.", entry.Name));
        Assert.All(network.NamedParameters().Where(entry => IsEncoder(entry.Name)), entry => Assert.False(entry.Tensor.RequiresGrad));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.25, 0.25)]
    public void The_momentum_is_the_share_of_the_newest_batch(double momentum, float share)
    {
        using var scope = TensorScope.Enter();
        using var latest = Make("None", false, false, momentum: 1);
        using var network = Make("None", false, false, momentum);
        var picture = Tensor.Rand([2, 3, 16, 16]);
        float[] mean = Means(latest, picture), moved = Means(network, picture); // the same seed, and so the same weights
        Assert.NotEqual(0, mean[0]);
        Assert.Equal(mean.Select(value => value * share), moved, (expected, actual) => Math.Abs(expected - actual) < 1e-5);

        static float[] Means(Dagn network, Tensor picture)
        {
            network.Train();
            network.Forward(picture);
            return network.StateDict().First(entry => entry.Name.EndsWith("running_mean", StringComparison.Ordinal)).Tensor.ToArray<float>();
        }
    }

    [Fact]
    public void The_literal_fusion_is_equation_10()
    {
        TorchRuntime.Seed(1);
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        using var fusion = new DagnLiteralFusion(3, 2);
        Tensor features = Tensor.Rand([1, 3, 8, 8]), input = Tensor.Rand([1, 2, 2, 3]);
        var (keys, values) = fusion.Read(features);
        double[] expected = new double[12], asked = Project("c3", input, 6);
        for (int place = 0; place < 6; place++)
        {
            for (int token = 0; token < 85; token++)
            {
                double likeness = 0;
                for (int c = 0; c < 2; c++)
                    likeness += asked[(c * 6) + place] * keys.ToArray<float>()[(c * 85) + token];
                for (int c = 0; c < 2; c++)
                    expected[(c * 6) + place] += likeness * values.ToArray<float>()[(c * 85) + token];
            }
        }

        float[] output = fusion.Forward(input, keys, values).ToArray<float>(), start = input.ToArray<float>();
        for (int k = 0; k < 12; k++)
            Assert.Equal(start[k] + expected[k], output[k], 3);

        // With 8×8 features the last 64 tokens are the features themselves, the first is their mean.
        double[] direct = Project("c1", features, 64);
        Assert.Equal(direct[5], keys.ToArray<float>()[21 + 5], 5);
        Assert.Equal(direct.Take(64).Average(), keys.ToArray<float>()[0], 5);

        double[] Project(string name, Tensor map, int places)
        {
            var named = fusion.NamedParameters().ToDictionary(entry => entry.Name, entry => entry.Tensor.ToArray<float>());
            float[] numbers = map.ToArray<float>(), weight = named[name + ".weight"], bias = named[name + ".bias"];
            int inputs = numbers.Length / places;
            return [.. Enumerable.Range(0, 2 * places).Select(k => bias[k / places]
                + Enumerable.Range(0, inputs).Sum(c => (double)weight[(k / places * inputs) + c] * numbers[(c * places) + (k % places)]))];
        }
    }

    [Fact]
    public void The_heads_judge_features_of_any_size()
    {
        using var scope = TensorScope.Enter();
        using var judge = new DagnFeatureDiscriminator(8);
        using var predictor = new DagnQualityPredictor(8);
        var features = Tensor.Rand([3, 8, 2, 5]);
        Assert.Equal([3, 1], judge.Forward(features).Shape);
        Assert.Equal(judge.Logit(features).Sigmoid().ToArray<float>(), judge.Forward(features).ToArray<float>());
        var classes = predictor.Forward(features);
        Assert.Equal([3, 100], classes.Shape);
        Assert.All(classes.Sum([1]).ToArray<float>(), sum => Assert.Equal(1, sum, 4));
        (judge.Forward(features).Sum() + classes.Square().Sum()).Backward();
        Assert.All(judge.Parameters().Concat(predictor.Parameters()), parameter => Assert.NotNull(parameter.Grad));
    }

    private static Dagn Make(string fusion, bool insensitive, bool sensitive, double momentum = 0.9)
    {
        TorchRuntime.Seed(3);
        var options = SmallNetworks.Options("dagn")!;
        options["fusion"] = fusion;
        options["insensitiveGuidance"] = insensitive;
        options["sensitiveGuidance"] = sensitive;
        options["freezeEncoders"] = true;
        options["normMomentum"] = momentum;
        var network = (Dagn)Dagn.Entry.Create(options);
        foreach (var (name, tensor) in network.NamedParameters().Where(entry => entry.Name.Contains(".W.", StringComparison.Ordinal)))
            Init.Normal(tensor, 0, 0.5);
        return network;
    }

    private static bool IsEncoder(string name) => name.StartsWith("ie.", StringComparison.Ordinal) || name.StartsWith("se.", StringComparison.Ordinal);

    private static float[] Encoders(Network network)
        => [.. network.StateDict().Where(entry => IsEncoder(entry.Name)
            && entry.Tensor.DType == DType.Float32).SelectMany(entry => entry.Tensor.ToArray<float>())];
}
