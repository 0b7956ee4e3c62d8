using Unpress.Networks;
using Unpress.Onnx;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests.Commands;

/// <summary>A network on its way into an ONNX file and back.</summary>
public sealed class ExportCommandTests : IDisposable
{
    private static readonly string[] SmallDnCnn = ["--random", "--set", "width=4", "--set", "depth=3"];

    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-export-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_networks_file_becomes_a_model_with_its_facts_and_back()
    {
        string weights = In("weights.safetensors"), model = In("models/dncnn.onnx"), again = In("again.safetensors");
        Save(weights);

        var result = CommandLine.Run(
            "export", weights, "-o", model, "--no-memory", "--fact", "licence=MIT", "--fact", "data=Nobody's pictures");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("from libtorch", result.Output, StringComparison.Ordinal);
        var facts = OnnxFile.ReadFacts(model)!;
        Assert.Equal(("dncnn", "tests", 12L, "MIT", "Nobody's pictures"),
            (facts.Network, facts.Recipe, facts.Steps, facts.Licence, facts.Data));
        Assert.Equal("7", facts.Other["seed"]);
        Assert.Null(facts.BytesPerPixel);
        Assert.Contains("model.0.weight", CommandLine.Run("info", model).Output, StringComparison.Ordinal);

        Assert.Equal(0, CommandLine.Run("import", model, "--as", "dncnn", "-o", again).ExitCode);
        using var before = WeightFile.Open(weights);
        using var after = WeightFile.Open(again);
        Assert.Equal(before.Tensors.Select(tensor => tensor.Name), after.Tensors.Select(tensor => tensor.Name));
        Assert.All(before.Tensors, tensor => Assert.Equal(tensor.Bytes, after[tensor.Name].Bytes));
        Assert.Equal(before.Metadata["seed"], after.Metadata["seed"]);
    }

    [Fact]
    public void The_memory_of_a_run_is_measured_and_written()
    {
        string model = In("model.onnx");

        var result = CommandLine.Run(["export", "dncnn", "-o", model, .. SmallDnCnn]);

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var facts = OnnxFile.ReadFacts(model)!;
        // Four channels of floats in and out of a layer, and the picture: 40 bytes, and what the convolution takes besides.
        Assert.InRange(facts.BytesPerPixel!.Value, 16, 1000);
        Assert.InRange(facts.FixedBytes!.Value, 0, 200_000_000);
        Assert.Equal(["model.onnx"], Directory.GetFileSystemEntries(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public void Half_is_half()
    {
        CommandLine.Run(["export", "dncnn", "-o", In("full.onnx"), "--no-memory", .. SmallDnCnn]);
        CommandLine.Run(["export", "dncnn", "-o", In("half.onnx"), "--no-memory", "--half", .. SmallDnCnn]);

        Assert.All(OnnxFile.Read(In("half.onnx")).Model.Graph.Initializer, tensor =>
            Assert.Equal((int)ElementType.Float16, tensor.DataType));
        // A half file is exported as it is, again.
        CommandLine.Run("export", In("half.onnx"), "-o", In("again.onnx"), "--no-memory");
        Assert.Equal(OnnxFile.ReadFacts(In("half.onnx"))!.WeightsSha256, OnnxFile.ReadFacts(In("again.onnx"))!.WeightsSha256);
    }

    [Theory]
    [InlineData("export", "dncnn", "--random")]
    [InlineData("export", "dncnn", "--random", "-o", "model.pt")]
    [InlineData("export", "no-such-network", "--random", "-o", "model.onnx")]
    [InlineData("export", "dncnn", "--random", "-o", "model.onnx", "--half", "--full")]
    [InlineData("export", "dncnn", "--random", "-o", "model.onnx", "--fact", "licence")]
    [InlineData("export", "dncnn", "--random", "-o", "model.onnx", "--fact", "channels=3")]
    [InlineData("export", "lite", "-o", "model.onnx", "--set", "width=4")]
    public void Mistakes_are_one_line(params string[] arguments)
    {
        var result = CommandLine.Run(arguments);

        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("unpress: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void A_file_is_replaced_only_when_asked()
    {
        File.WriteAllText(In("model.onnx"), "mine");

        Assert.Equal(2, CommandLine.Run(["export", "dncnn", "-o", In("model.onnx"), "--no-memory", .. SmallDnCnn]).ExitCode);
        Assert.Equal("mine", File.ReadAllText(In("model.onnx")));

        Assert.Equal(0, CommandLine.Run(["export", "dncnn", "-o", In("model.onnx"), "--no-memory", "--overwrite", .. SmallDnCnn]).ExitCode);
        OnnxFile.Read(In("model.onnx"));
    }

    private string In(string name) => Path.Combine(_folder, name);

    private static void Save(string path)
    {
        var entry = NetworkCatalog.Find("dncnn");
        var options = OptionText.Parse(["width=4", "depth=3"]);
        TorchRuntime.Seed(5);
        using var network = entry.Create(options);
        var metadata = new Dictionary<string, string> { ["recipe"] = "tests", ["steps"] = "12", ["seed"] = "7" };
        ModelFile.Save(path, entry, options, network.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)), metadata);
    }
}
