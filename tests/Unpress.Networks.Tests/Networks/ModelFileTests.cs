using Unpress.Networks;
using Unpress.Networks.Importing;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks;

/// <summary>Weight files come from strangers.</summary>
public sealed class ModelFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-model-file-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("dncnn", """{ "width": 40000 }""", "does not fit the network: missing model.0.weight")] // 1 TB, were it made
    [InlineData("dncnn", """{ "width": 0 }""", "width is 0")]
    [InlineData("unpress", """{ "blocks": [1] }""", "blocks is [1]")]
    [InlineData("dncnn", "[1]", "not a JSON object")]
    [InlineData("dncnn", "{", "not a JSON object")]
    [InlineData("dncm", "{}", "no network is called 'dncm'")]
    public void A_file_that_lies_is_refused_before_its_network_is_made(string network, string options, string reason)
    {
        string path = Write(network, options);
        Assert.Contains(reason, Assert.Throws<WeightsFormatException>(() => ModelFile.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_options_of_a_source_are_its_fault()
    {
        string path = Write("dncnn", "[1]");
        var error = Assert.Throws<WeightsFormatException>(() => WeightImport.Run(path, Path.Combine(_folder, "x.safetensors"), NetworkCatalog.Find("dncnn")));
        Assert.Contains("not a JSON object", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_one_network_is_not_imported_as_another()
    {
        string path = Write("dncnn", "{}");
        var error = Assert.Throws<WeightsFormatException>(() => WeightImport.Run(path, Path.Combine(_folder, "x.safetensors"), NetworkCatalog.Find("dcad")));
        Assert.Contains("says that it is for network dncnn, not dcad", error.Message, StringComparison.Ordinal);
    }

    private string Write(string network, string options)
    {
        string path = Path.Combine(_folder, "model.safetensors");
        using var one = Tensor.Zeros([1]);
        SafeTensors.Save(
            path, [one.ToStored("x")], new Dictionary<string, string> { [ModelFile.NetworkKey] = network, [ModelFile.OptionsKey] = options });
        return path;
    }
}
