using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests.Enhance;

public sealed class CandidatesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;
    private readonly string _model, _single, _photo;

    public CandidatesTests()
    {
        _model = Save("many.safetensors", "one-to-many", """{ "width": 4, "branchUnits": 1, "aggregationUnits": 1 }""");
        _single = Save("one.safetensors", "one-to-many", """{ "width": 4, "branchUnits": 1, "aggregationUnits": 1, "noise": false }""");
        _photo = At("photo.png");
        var picture = new ImageBuffer(40, 24, ColourModel.Gray, hasAlpha: false, bitsPerSample: 8);
        new Random(2).NextBytes(picture.Data);
        ImageFile.Save(picture, _photo);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Each_seed_gives_its_candidate_and_gives_it_again()
    {
        var result = Enhance(_model, _photo, "--candidates", "3", "--seed", "5");
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("seed 7", result.Output, StringComparison.Ordinal);
        byte[][] found = [.. Enumerable.Range(1, 3).Select(k => Data($"photo-{k}.unpress.png"))];
        Assert.NotEqual(found[0], found[1]);
        Assert.NotEqual(found[1], found[2]);
        Assert.Equal(0, Enhance(_model, _photo, "-o", At("again.png"), "--candidates", "1", "--seed", "6").ExitCode);
        Assert.Equal(found[1], Data("again-1.png"));
        Assert.Equal(0, Enhance(_model, _photo).ExitCode);
        Assert.NotEqual(found[0], Data("photo.unpress.png"));
    }

    [Fact]
    public void A_network_with_one_answer_is_refused_with_the_reason()
    {
        var result = Enhance(_single, _photo, "--candidates", "2");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("one answer", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, Enhance(_single, _photo).ExitCode);
    }

    [Theory]
    [InlineData("--candidates", "0")]
    [InlineData("--seed", "3")]
    [InlineData("--candidates", "2", "-o", "-")]
    public void What_makes_no_sense_is_refused_before_any_work(params string[] options)
    {
        var result = Enhance(_model, [_photo, .. options]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--candidates", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.unpress.png"));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private byte[] Data(string name) => ImageFile.Load(At(name)).Data;

    private static CommandLineResult Enhance(string model, params string[] arguments)
        => CommandLine.Run(["enhance", .. arguments, "--model", model]);

    // The untrained network is made to change the picture little, so that its output passes for one.
    private string Save(string file, string name, string json)
    {
        TorchRuntime.Seed(3);
        var entry = NetworkCatalog.Find(name);
        var options = JsonNode.Parse(json)!.AsObject();
        using var network = entry.Create(options);
        using (Autograd.NoGrad())
        {
            foreach (var (parameter, tensor) in network.NamedParameters().Where(entry => entry.Name.StartsWith("grow.", StringComparison.Ordinal)))
                if (parameter.EndsWith("bias", StringComparison.Ordinal))
                    tensor.Fill(0.5);
                else
                    tensor.Copy(tensor * 0.01);
        }

        ModelFile.Save(At(file), entry, options, network.StateDict().Select(item => item.Tensor.ToStored(item.Name)));
        return At(file);
    }
}
