using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Metrics;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Metrics;

/// <summary>What metrics with networks share; their arithmetic is in <c>ParityTests</c>.</summary>
public class LearnedMetricTests
{
    public static TheoryData<string> Missing => [.. MetricCatalog.All
        .Where(metric => metric.Contract.Weights.Count > 0 && !MetricCatalog.Ready.Contains(metric)).Select(metric => metric.Name)];

    [Theory]
    [MemberData(nameof(Missing))]
    public void Missing_weights_are_named_with_their_place_before_the_work_starts(string name)
    {
        var metric = MetricCatalog.Find(name);
        string message = Assert.Throws<MissingToolException>(metric.Prepare).Message;
        Assert.Contains(metric.Contract.Weights.Select(OfficialFiles.Find), file =>
            message.Contains(Path.Combine(OfficialFiles.Folder, file.FileName), StringComparison.Ordinal)
                && message.Contains($"models fetch {file.Name}", StringComparison.Ordinal));
    }

    // Counts of tensors and of numbers as in the published checkpoints: 144.4 and 181.0 MB of float32.
    [Theory]
    [InlineData(true, 514, 144.4)]
    [InlineData(false, 524, 181.0)]
    public void Topiq_has_the_tensors_of_the_published_files(bool reference, int tensors, double megabytes)
    {
        using var network = new TopiqNetwork(new TopiqOptions { Reference = reference });
        Assert.Equal(tensors, network.StateDict().Count());
        Assert.Equal(megabytes, 4e-6 * network.StateDict().Sum(entry => entry.Tensor.Count), 0.05);
    }

    // 27.13 million numbers, 108.5 MB.
    [Fact]
    public void Musiq_has_the_tensors_of_the_published_files()
    {
        using var network = new MusiqNetwork(new MusiqOptions());
        Assert.Equal(248, network.StateDict().Count());
        Assert.Equal(27.13, 1e-6 * network.ParameterCount(), 0.005);
    }

    // CLIP's RN50 has 102,007,137 numbers; 50·2048 of them are the places of the picture, which CLIP-IQA leaves out.
    [Fact]
    public void ClipIqa_has_the_numbers_of_the_published_network()
    {
        using var network = new ClipIqaNetwork(new ClipIqaOptions { Pairs = ClipPrompts.Images });
        Assert.Equal(102_007_137 - (50 * 2048), network.ParameterCount());
    }

    // AHIQ's own part: 27.17 million numbers.
    [Fact]
    public void Ahiq_has_the_numbers_of_the_published_file()
    {
        using var shapes = ShapesOnly.Enter();
        using var network = new AhiqNetwork(new AhiqOptions());
        var own = network.StateDict().Where(entry => entry.Name.StartsWith("deform_net.", StringComparison.Ordinal)
            || entry.Name.StartsWith("regressor.", StringComparison.Ordinal));
        Assert.Equal(27.17, 1e-6 * own.Sum(entry => entry.Tensor.Count), 0.005);
    }

    // Twice as large, with a longer side that does not divide.
    [Fact]
    public void The_shorter_side_is_brought_to_its_length()
    {
        using var scope = TensorScope.Enter();
        var resized = TopiqBlind.Resize(MetricTensor.Rgb(TestPictures.Waves(31, 20)), 40);
        Assert.Equal([1, 3, 40, 62], resized.Shape);
    }

    [Fact]
    public void HyperIqa_has_the_tensors_of_the_published_file()
    {
        using var network = new HyperIqaNetwork(new ResNet50Options());
        Assert.Equal(355, network.StateDict().Count());
        Assert.Equal(109.7, 4e-6 * network.StateDict().Sum(entry => entry.Tensor.Count), 0.05);
    }

    [SharedDataTheory("weights/lpips")]
    [InlineData("alex")]
    [InlineData("vgg")]
    [InlineData("squeeze")]
    public void The_published_heads_fit_and_are_not_negative(string net)
    {
        var metric = Assert.IsType<Lpips>(MetricCatalog.Find($"lpips-{net}"));
        using var file = WeightFile.Open(SharedData.Path("weights", "lpips", $"{net}.pth"));
        Assert.Equal(
            metric.Layers.Select((layer, k) => $"lin{k}.model.1.weight [1,{layer.Channels},1,1]"),
            file.Tensors.Select(tensor => $"{tensor.Name} [{string.Join(',', tensor.Shape)}]"));
        Assert.All(file.Tensors, tensor => Assert.True(tensor.ToDoubles().Min() >= 0));
    }

    [SharedDataFact("weights/dists")]
    public void The_published_weights_of_dists_fit_and_sum_to_one()
    {
        using var file = WeightFile.Open(SharedData.Path("weights", "dists", "weights.pt"));
        using var network = new DistsNetwork(new Vgg(new Vgg16Options { L2Pooling = true }));
        network.StateDict().Where(entry => entry.Name is "alpha" or "beta").Load(file.Tensors, "weights.pt");
        Assert.Equal(0.876050, file["alpha"].ToDoubles().Sum(), 1e-6);
        Assert.Equal(0.123950, file["beta"].ToDoubles().Sum(), 1e-6);
    }

    [Fact]
    public void Pictures_are_no_distance_from_themselves_and_order_does_not_matter()
    {
        using var scope = TensorScope.Enter();
        using var lpips = new LpipsNetwork(new AlexNet(), Lpips.Alex.Layers);
        using var dists = new DistsNetwork(new Vgg(new Vgg16Options { Width = 4, L2Pooling = true }), 4);
        var picture = TestPictures.Waves(48, 40);
        Tensor a = MetricTensor.Rgb(picture), b = MetricTensor.Rgb(TestPictures.WithNoise(picture, 20));
        foreach (var distance in (Func<Tensor, Tensor, Tensor>[])[lpips.Forward, dists.Forward])
        {
            Assert.Equal(0, distance(a, a).Item(), 1e-5);
            Assert.True(distance(a, b).Item() > 1e-4);
            Assert.Equal(distance(a, b).Item(), distance(b, a).Item(), 1e-6);
        }
    }

    [Fact]
    public void A_gray_picture_is_three_equal_bands()
    {
        using var scope = TensorScope.Enter();
        var gray = MetricTensor.Rgb(TestPictures.Waves(9, 7, ColourModel.Gray));
        Assert.Equal([1, 3, 7, 9], gray.Shape);
        Assert.Equal(0, (gray.Narrow(1, 0, 1) - gray.Narrow(1, 2, 1)).Abs().Max().Item());
    }
}
