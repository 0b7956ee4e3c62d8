using System.Diagnostics;
using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Tests;

/// <summary>A network is at work for a minute, in a picture that is one tile, when somebody has had enough.</summary>
public sealed class InterruptionTests : IDisposable
{
    // Of a processor: then the start is over and the network at work.
    private static readonly TimeSpan Started = TimeSpan.FromSeconds(3);

    // Much shorter than the network needs, and long enough for a machine that does other things, too.
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("INT", 1, ExitCodes.Cancelled, "unpress: stopped by Ctrl-C\n")]
    [InlineData("INT", 2, ExitCodes.Cancelled, "unpress: stopped by Ctrl-C\n")]
    [InlineData("TERM", 1, ExitCodes.Terminated, "unpress: stopped by SIGTERM\n")]
    public void A_long_computation_ends_at_once_with_one_line_and_without_a_trace(string signal, int times, int code, string line)
    {
        int[] blocks = [100, 0, 0];
        using (var network = new UnpressNet(new UnpressNetOptions { Width = 64, Blocks = blocks }))
        {
            var options = new JsonObject { ["width"] = 64, ["blocks"] = new JsonArray([.. blocks]) };
            ModelFile.Save(At("model.safetensors"), UnpressNet.Entry, options, network.StateDict().Select(entry => entry.Tensor.ToStored(entry.Name)));
        }

        ImageFile.Save(new ImageBuffer(512, 512, ColourModel.Rgb), At("in.png"));
        using var child = new ChildCommandLine("enhance", At("in.png"), "-o", At("out.png"), "--model", At("model.safetensors"), "--threads", "2");
        child.Await(() => child.ProcessorTime > Started);
        var clock = Stopwatch.StartNew();
        for (int k = 0; k < times; k++)
            child.Signal(signal);
        var result = child.End();

        Assert.Equal((code, line), (result.ExitCode, result.Error));
        Assert.True(clock.Elapsed < Soon, $"it took {clock.Elapsed}");
        Assert.Equal(["in.png", "model.safetensors"],
            Directory.GetFiles(_folder, "*", new EnumerationOptions { AttributesToSkip = 0 }).Select(Path.GetFileName).Order());
    }

    private string At(string name) => Path.Combine(_folder, name);
}
