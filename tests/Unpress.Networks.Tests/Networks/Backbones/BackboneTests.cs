using System.Text.Json.Nodes;
using Unpress.Networks.Backbones;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks.Backbones;

public sealed class BackboneTests
{
    [Theory]
    [InlineData("vgg16", 14_714_688)]
    [InlineData("vgg19", 20_024_384)]
    [InlineData("resnet18", 15_908_800 - 11_648)] // the file counts means and variances, too
    [InlineData("resnet50", 25_557_032 - ((2048 * 1000) + 1000))]
    [InlineData("alexnet", 2_469_696)]
    [InlineData("squeezenet1_1", 1_235_496 - ((512 * 1000) + 1000))]
    [InlineData("inception_v3_fid", 21_785_568)]
    public void Published_parameter_counts_without_the_classifier(string name, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var backbone = BackboneCatalog.Find(name).Create();
        Assert.Equal(expected, backbone.ParameterCount());
    }

    [Theory]
    [InlineData("vgg16", """{ "width": 2 }""", "relu5_3")]
    [InlineData("resnet18", "{}", "layer1")]
    [InlineData("resnet50", """{ "width": 4, "blocks": [1, 1, 1, 1] }""", "layer4")]
    [InlineData("alexnet", "{}", "relu5")]
    [InlineData("squeezenet1_1", "{}", "fire3")]
    [InlineData("inception_v3_fid", """{ "size": 75 }""", "Mixed_7c")]
    public void Gradients_are_slopes(string name, string options, string layer)
    {
        TorchRuntime.Seed(3);
        using var scope = TensorScope.Enter();
        using var backbone = BackboneCatalog.Find(name).Create(JsonNode.Parse(options)!.AsObject());
        backbone.To(Device.Cpu, DType.Float64);
        backbone.Freeze();
        var picture = Tensor.Rand([1, 3, 33, 37], DType.Float64);
        SlopeCheck.Run(() => backbone.Features(picture, layer)[layer], [("picture", picture)]);
        Assert.All(backbone.Parameters(), parameter => Assert.Null(parameter.Grad));
    }

    [Fact]
    public void Layers_go_by_the_fields_names_and_by_torchvisions()
    {
        using var scope = TensorScope.Enter();
        using var vgg = new Vgg(new VggOptions { Width = 2 });
        var found = vgg.Features(Tensor.Rand([1, 3, 16, 16]), "conv1_2", "features.2", "relu1_2", "features.16", "conv5_4", "features.34");
        Assert.Equal(6, found.Count);
        Assert.Equal(Numbers(found["conv1_2"]), Numbers(found["features.2"]));
        Assert.Equal(Numbers(found["conv5_4"]), Numbers(found["features.34"]));
        Assert.Equal(Numbers(found["conv1_2"]).Select(number => Math.Max(number, 0)), Numbers(found["relu1_2"]));
        Assert.Equal([1, 8, 4, 4], found["features.16"].Shape);
        Assert.Contains("conv3_4", vgg.Layers);
        using var resnet = new ResNet50(new ResNet50Options { Width = 2 });
        Assert.Equal([1, 64, 1, 1], resnet.Features(Tensor.Rand([1, 3, 32, 32]), "layer4")["layer4"].Shape);
        Assert.Contains("layer1.0", resnet.Layers);
    }

    [Fact]
    public void A_step_of_one_in_the_last_stage_gives_features_at_a_sixteenth()
    {
        using var scope = TensorScope.Enter();
        using var resnet = new ResNet50(new ResNet50Options { Width = 2, LastStride = 1 });
        Assert.Equal([1, 64, 2, 2], resnet.Features(Tensor.Rand([1, 3, 32, 32]), "layer4")["layer4"].Shape);
    }

    [Fact]
    public void Nothing_is_left_behind_but_what_was_asked_for()
    {
        using var vgg = new Vgg(new VggOptions { Width = 2 });
        using var picture = Tensor.Rand([1, 3, 16, 16]);
        long before = Tensor.LiveCount;
        using (Autograd.NoGrad())
        {
            var found = vgg.Features(picture, "relu2_2", "relu4_4");
            Assert.Equal(before + 2, Tensor.LiveCount);
            foreach (var tensor in found.Values)
                tensor.Dispose();
        }

        Assert.Equal(before, Tensor.LiveCount);
    }

    [Fact]
    public void Unknown_layers_and_gray_pictures_are_refused()
    {
        using var scope = TensorScope.Enter();
        using var vgg = new Vgg(new VggOptions { Width = 2 });
        Assert.Contains("conv6_1", Assert.Throws<ArgumentException>(() => vgg.Features(Tensor.Rand([1, 3, 16, 16]), "conv6_1")).Message);
        Assert.Throws<ArgumentException>(() => vgg.Features(Tensor.Rand([1, 1, 16, 16]), "conv1_1"));
    }

    [Fact]
    public void Weights_are_taken_from_a_file_with_its_classifier_and_from_no_other()
    {
        string folder = Directory.CreateTempSubdirectory("unpress-backbone-").FullName;
        using var scope = TensorScope.Enter();
        using var made = new SqueezeNet();
        StoredTensor[] features = [.. made.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name))];
        var head = Tensor.Rand([3]).ToStored("classifier.1.bias");
        string good = Write([.. features, head]), poor = Write(features[1..]), strange = Write([.. features, head.Renamed("other.bias")]);

        using var loaded = SqueezeNet.Entry.Load(good);
        Assert.All(loaded.Parameters(), parameter => Assert.False(parameter.RequiresGrad));
        var picture = Tensor.Rand([1, 3, 33, 33]);
        Assert.Equal(Numbers(made.Features(picture, "fire8")["fire8"]), Numbers(loaded.Features(picture, "fire8")["fire8"]));
        Assert.Contains(features[0].Name, Assert.Throws<WeightsFormatException>(() => SqueezeNet.Entry.Load(poor)).Message);
        Assert.Contains("other.bias", Assert.Throws<WeightsFormatException>(() => SqueezeNet.Entry.Load(strange)).Message);
        Directory.Delete(folder, recursive: true);

        string Write(StoredTensor[] tensors)
        {
            string path = Path.Combine(folder, Path.GetRandomFileName() + ".safetensors");
            SafeTensors.Save(path, tensors, new Dictionary<string, string>());
            return path;
        }
    }

    private static float[] Numbers(Tensor tensor) => tensor.ToArray<float>();
}
