using System.Text.Json;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests.Commands;

/// <summary>A file of weights on its way from its makers to a model of ours.</summary>
public sealed class InfoAndImportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-import-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Info_shows_a_network_with_the_options_asked_for()
    {
        CommandLineResult result = CommandLine.Run("info", "arcnn", "--set", "channels=3");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("117,731", result.Output, StringComparison.Ordinal);
        Assert.Contains("1x32x512x512", result.Output, StringComparison.Ordinal);

        var root = JsonDocument.Parse(CommandLine.Run("info", "arcnn", "--json").Output).RootElement;
        Assert.Equal(106_561, root.GetProperty("layers").GetProperty("parameters").GetInt64());
    }

    [Theory]
    [InlineData("info", "arcn")]
    [InlineData("info", "arcnn", "--set", "chanels=3")]
    [InlineData("info", "arcnn", "--set", "3")]
    [InlineData("info", "dncnn", "--set", "width=0")]
    [InlineData("info", "unet", "--set", "width=-1")]
    [InlineData("info", "weights.safetensors", "--set", "channels=3")]
    [InlineData("import", "weights.pth", "--as", "arcnn", "-o", "weights.pth")]
    public void Mistakes_are_one_line(params string[] arguments)
    {
        CommandLineResult result = CommandLine.Run(arguments);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("unpress: ", result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public void Info_knows_discriminators_and_backbones_in_any_case()
    {
        Assert.Contains("\"conditional\":true", CommandLine.Run("info", "UNet", "--set", "conditional=true").Output, StringComparison.Ordinal);
        Assert.Contains("20,024,384", CommandLine.Run("info", "VGG19").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("params_ema")]
    [InlineData("params-ema")]
    public void Wrapped_weights_are_imported_and_shown(string container)
    {
        string model = Path.Combine(_folder, "model.safetensors");
        CommandLineResult result = CommandLine.Run("import", Published($"{container}.", "optimizer.step"), "--as", "arcnn", "-o", model);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(model, result.Output.Trim());
        Assert.Contains($"'{container}', not the 1 beside them", result.Error, StringComparison.Ordinal);

        result = CommandLine.Run("info", model);
        Assert.Contains("layers.0.weight", result.Output, StringComparison.Ordinal);
        Assert.Contains("64x1x9x9", result.Output, StringComparison.Ordinal);
        Assert.Contains("8 tensors, 106.6 k numbers", result.Output, StringComparison.Ordinal);
        using var loaded = ModelFile.Load(model);
        Assert.Equal("arcnn", loaded.Name);
    }

    [Fact]
    public void A_wrong_match_names_every_name_and_writes_nothing()
    {
        string model = Path.Combine(_folder, "model.safetensors");
        CommandLineResult result = CommandLine.Run("import", Published("", "extra"), "--as", "arcnn", "--set", "channels=3", "-o", model);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("not of this network: extra", result.Error, StringComparison.Ordinal);
        Assert.Contains("of another shape: layers.0.weight is [64,1,9,9], expected [64,3,9,9]", result.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(model));
    }

    private string Published(string prefix, string other)
    {
        string path = Path.Combine(_folder, "published.safetensors");
        using var network = NetworkCatalog.Find("arcnn").Create();
        using var one = Tensor.Zeros([1]);
        SafeTensors.Save(path, [.. network.StateDict().Select(entry => entry.Tensor.ToStored(prefix + entry.Name)), one.ToStored(other)]);
        return path;
    }
}
