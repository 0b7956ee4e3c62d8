using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests.Commands;

public sealed class EstimateCommandTests : IDisposable
{
    private readonly RestoringFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void All_forms_of_output_tell_the_same_error()
    {
        var entry = NetworkCatalog.Find("dagn-autoencoder");
        var options = new JsonObject
        {
            ["encoderWidth"] = 2,
            ["encoderBlocks"] = new JsonArray(1, 1, 1, 1),
            ["decoderWidth"] = 64,
            ["predictsQuality"] = true,
        };
        string model = _folder.At("predictor.safetensors");
        using (var network = entry.Create(options))
            ModelFile.Save(model, entry, options, network.StateDict().Select(item => item.Tensor.ToStored(item.Name)));

        var json = CommandLine.Run("estimate", "--data", _folder.Pictures, "--model", model, "-q", "10,50", "--json");
        Assert.Equal("", json.Error);
        var root = JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(6, root.GetProperty("rows").GetArrayLength());
        var all = root.GetProperty("means").EnumerateArray().ToArray();
        Assert.Equal(["10", "50", "original", "all"], all.Select(mean => mean.GetProperty("quality").GetString()));
        double error = all[3].GetProperty("error").GetDouble();
        Assert.Equal(all[..3].Average(mean => mean.GetProperty("error").GetDouble()), error, 1e-9);
        string shown = error.ToString("F1", CultureInfo.InvariantCulture);
        foreach (string[] form in (string[][])[["--markdown"], []])
            Assert.Contains(shown, CommandLine.Run(
                ["estimate", "--data", _folder.Pictures, "--model", model, "-q", "10,50", .. form]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_tells_no_quality_is_an_error_of_usage()
    {
        var result = CommandLine.Run("estimate", "--data", _folder.Pictures, "--model", _folder.Model);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("does not tell a quality factor", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quality_that_jpeg_has_not_is_an_error_of_usage()
    {
        var result = CommandLine.Run("estimate", "--data", _folder.Pictures, "--model", _folder.Model, "-q", "0");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("jpeg has no quality 0", result.Error, StringComparison.Ordinal);
    }
}
