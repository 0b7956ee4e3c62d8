using System.Reflection;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Unpress.Networks.Backbones;
using Tensor = Unpress.Torch.Tensor;

namespace Unpress.Tests.Networks.Backbones;

/// <summary>The backbone with the weights of the NuGet package, beside ONNX Runtime on the package's own file.</summary>
public sealed class ResNet18Tests
{
    private static string Weights => typeof(ResNet18Tests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ResNet18").Value!;

    [Fact]
    public void Its_features_are_those_of_the_published_file()
    {
        var random = new Random(1);
        float[] rgb = [.. Enumerable.Range(0, 3 * 224 * 224).Select(i => (float)((0.5 + (0.4 * Math.Sin(i / 37.0))) * random.NextDouble()))];
        using var backbone = ResNet18.Entry.Load(Weights);
        using var picture = Tensor.From(rgb, 1, 3, 224, 224);
        using var last = backbone.Features(picture, "layer4")["layer4"];
        using var means = last.Mean([2, 3]);
        float[] ours = means.ToArray<float>();

        // As the package's preprocessing graph does, but with the mean of its mean picture.
        float[] mean = [103.06262f, 115.902885f, 123.15163f];
        var prepared = new DenseTensor<float>(new[] { 1, 3, 224, 224 });
        for (int channel = 0; channel < 3; channel++)
            for (int i = 0; i < 224 * 224; i++)
                prepared.SetValue((channel * 224 * 224) + i, (255 * rgb[((2 - channel) * 224 * 224) + i]) - mean[channel]);
        using var session = new InferenceSession(Weights);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("Input247", prepared)]);
        float[] theirs = [.. results.Single(result => result.Name == "Pooling395_Output_0").AsEnumerable<float>()];

        Assert.Equal(512, theirs.Length);
        Assert.True(theirs.Max() > 0.5, "a picture must excite something");
        double bound = 1e-4 * theirs.Max();
        Assert.All(ours.Zip(theirs), pair => Assert.InRange(pair.First - pair.Second, -bound, bound));
    }

    [Theory]
    [InlineData(64, 96)]
    [InlineData(77, 101)]
    [InlineData(81, 70)]
    public void Pictures_of_any_size_fit_and_each_halving_rounds_up(int height, int width)
    {
        using var backbone = new ResNet18();
        using var picture = Tensor.Rand([1, 3, height, width]);
        string[] layers = ["conv1", "layer1", "layer2", "layer3", "layer4"];
        var features = backbone.Features(picture, layers);
        foreach (string layer in layers)
        {
            (height, width) = ((height + 1) / 2, (width + 1) / 2); // of layer1 by the maximum pooling before it
            Assert.Equal((height, width), ((int)features[layer].Size(2), (int)features[layer].Size(3)));
        }
    }
}
