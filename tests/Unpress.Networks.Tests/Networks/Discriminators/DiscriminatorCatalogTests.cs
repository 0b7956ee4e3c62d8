using System.Text.Json.Nodes;
using Unpress.Networks.Discriminators;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks.Discriminators;

/// <summary>What must hold for every discriminator, plain and conditional.</summary>
public sealed class DiscriminatorCatalogTests
{
    private static readonly Dictionary<string, int> Sizes = new() { ["vgg128"] = 128, ["unet"] = 19, ["dcgan2"] = 21 };

    public static TheoryData<string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, bool>();
            foreach (var entry in DiscriminatorCatalog.All)
            {
                cases.Add(entry.Name, false);
                cases.Add(entry.Name, true);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_parameter_gets_a_gradient_and_gradients_are_slopes(string name, bool conditional)
    {
        TorchRuntime.Seed(5);
        using var scope = TensorScope.Enter();
        using var judge = Make(name, conditional);
        // PyTorch's start lets the numbers fade through ten layers, and a step of a slope check would turn their ReLUs.
        Parity.Formula.Fill(judge);
        judge.To(Device.Cpu, DType.Float64);
        var (picture, compressed) = Pictures(name, conditional, DType.Float64);
        var logits = judge.Forward(picture, compressed);
        Assert.Equal(2, logits.Size(0));
        Assert.Equal(1, logits.Size(1));
        logits.Square().Sum().Backward();
        foreach (var (parameter, tensor) in judge.NamedParameters())
            Assert.True(tensor.Grad is { } grad && grad.Abs().Sum().Item() > 0, $"{parameter} has no gradient");

        judge.Eval();
        (string, Tensor)[] inputs = compressed is null ? [("picture", picture)] : [("picture", picture), ("compressed", compressed)];
        SlopeCheck.Run(() => judge.Forward(picture, compressed), [.. inputs, .. judge.NamedParameters()]);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Saved_and_loaded_it_gives_the_same_numbers(string name, bool conditional)
    {
        TorchRuntime.Seed(5);
        using var scope = TensorScope.Enter();
        using Discriminator judge = Make(name, conditional), other = Make(name, conditional);
        string path = Path.Combine(Directory.CreateTempSubdirectory("unpress-judge-").FullName, "judge.safetensors");
        SafeTensors.Save(path, judge.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)), new Dictionary<string, string>());
        using (var file = WeightFile.Open(path))
            other.StateDict().Load(file.Tensors, path);
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

        judge.Eval();
        other.Eval();
        var (picture, compressed) = Pictures(name, conditional, DType.Float32);
        Assert.Equal(judge.Forward(picture, compressed).ToArray<float>(), other.Forward(picture, compressed).ToArray<float>());
    }

    [Theory]
    [InlineData("vgg128", "{}", 14_499_401)]
    [InlineData("vgg128", """{ "width": 16 }""", 1_061_417)]
    [InlineData("unet", "{}", 4_376_897)]
    [InlineData("dcgan2", "{}", 4_687_297)]
    public void Published_parameter_counts(string name, string options, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var judge = DiscriminatorCatalog.Find(name).Create(JsonNode.Parse(options)!.AsObject());
        Assert.Equal(expected, judge.ParameterCount());
    }

    [Fact]
    public void The_compressed_picture_is_demanded_by_the_conditional_and_refused_by_the_others()
    {
        using var scope = TensorScope.Enter();
        using Discriminator plain = Make("unet", false), conditional = Make("unet", true);
        var picture = Tensor.Rand([1, 3, 16, 16]);
        Assert.Contains("conditional", Assert.Throws<ArgumentException>(() => plain.Forward(picture, picture)).Message);
        Assert.Contains("conditional", Assert.Throws<ArgumentException>(() => conditional.Forward(picture)).Message);
        Assert.NotEqual(
            conditional.Forward(picture, picture).ToArray<float>(), conditional.Forward(picture, picture * 0.5).ToArray<float>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Only_with_batch_norm_a_verdict_in_training_depends_on_the_rest_of_the_batch(bool batchNorm)
    {
        TorchRuntime.Seed(5);
        using var scope = TensorScope.Enter();
        using var judge = DiscriminatorCatalog.Find("dcgan2").Create(new JsonObject { ["width"] = 2, ["batchNorm"] = batchNorm });
        Tensor picture = Tensor.Rand([1, 3, 21, 21]), dark = Tensor.Zeros([1, 3, 21, 21]);
        float alone = judge.Forward(picture).ToArray<float>()[0], beside = judge.Forward(Tensor.Cat([picture, dark], 0)).ToArray<float>()[0];
        if (batchNorm)
            Assert.True(Math.Abs(alone - beside) > 1e-3, $"{alone} and {beside}");
        else
            Assert.Equal(alone, beside, 1e-5);
    }

    [Theory]
    [InlineData("vgg128", 128, 127)]
    [InlineData("unet", 7, 16)]
    [InlineData("dcgan2", 16, 15)]
    public void Sizes_that_do_not_fit_are_refused(string name, int height, int width)
    {
        using var scope = TensorScope.Enter();
        using var judge = Make(name, false);
        Assert.Contains($"{width}×{height}", Assert.Throws<ArgumentException>(() => judge.Forward(Tensor.Rand([1, 3, height, width]))).Message);
    }

    [Fact]
    public void An_unknown_option_is_an_error_that_names_it()
        => Assert.Contains("wdth", Assert.Throws<ArgumentException>(() => DiscriminatorCatalog.Find("unet").Create(new JsonObject { ["wdth"] = 3 })).Message);

    [Fact]
    public void All_options_with_their_values_can_be_stored()
        => Assert.Equal(
            """{"width":64,"channels":3,"conditional":true}""",
            DiscriminatorCatalog.Find("unet").Resolve(new JsonObject { ["conditional"] = true }).ToJsonString());

    private static Discriminator Make(string name, bool conditional)
        => DiscriminatorCatalog.Find(name).Create(new JsonObject { ["width"] = 2, ["conditional"] = conditional });

    private static (Tensor Picture, Tensor? Compressed) Pictures(string name, bool conditional, DType type)
    {
        long[] shape = [2, 3, Sizes[name], Sizes[name]];
        return (Tensor.Rand(shape, type), conditional ? Tensor.Rand(shape, type) : null);
    }
}
