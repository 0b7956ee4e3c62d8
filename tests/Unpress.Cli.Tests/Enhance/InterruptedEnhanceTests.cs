using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests.Enhance;

public sealed class InterruptedEnhanceTests : IDisposable
{
    private const int Pictures = 150;

    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Ctrl_C_ends_with_130_and_leaves_whole_pictures_only()
    {
        string model = At("model.safetensors");
        using (var network = new UnpressNet(new UnpressNetOptions { Width = 8 }))
        {
            var options = new System.Text.Json.Nodes.JsonObject { ["width"] = 8 };
            ModelFile.Save(model, UnpressNet.Entry, options, network.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
        }

        Directory.CreateDirectory(At("in"));
        Directory.CreateDirectory(At("out"));
        var picture = new ImageBuffer(320, 240, ColourModel.Rgb);
        new Random(1).NextBytes(picture.Data);
        ImageFile.Save(picture, At("in/000.png"));
        for (int k = 1; k < Pictures; k++)
            File.Copy(At("in/000.png"), At($"in/{k:000}.png"));

        using var child = new ChildCommandLine("enhance", At("in"), "-o", At("out"), "--model", model, "--threads", "1");
        child.Await(() => Directory.EnumerateFiles(At("out"), "*.png").Any());
        child.Interrupt();
        var result = child.End();

        Assert.True(result.ExitCode == ExitCodes.Cancelled, $"{result.ExitCode}: {result.Error}");
        Assert.Equal("unpress: stopped by Ctrl-C\n", result.Error);
        string[] results = [.. Directory.GetFiles(At("out"), "*",
            new EnumerationOptions { AttributesToSkip = 0 }).Where(file => !file.EndsWith(".jsonl", StringComparison.Ordinal))];
        Assert.InRange(results.Length, 1, Pictures - 1);
        Assert.All(results, path => Assert.Equal(picture.Data, ImageFile.Load(path).Data));
    }

    private string At(string name) => Path.Combine(_folder, name);
}
