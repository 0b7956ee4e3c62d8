using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Cli.Tests.Train;

/// <summary>One training in several processes on this machine, as torchrun would start them.</summary>
public sealed class DistributedTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-distributed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Two_processes_learn_what_one_does()
    {
        string recipe = Recipe(steps: 20);
        Assert.Equal(0, ChildCommandLine.Run("train", recipe, "-o", At("one"), "--cache", At("cache"), "--threads", "1").ExitCode);
        var ends = Start(2, recipe, "two").ConvertAll(End);
        Assert.All(ends, end => Assert.Equal(0, end.ExitCode));
        Assert.Contains("20/20", ends[0].Error, StringComparison.Ordinal);
        Assert.Equal("", ends[1].Error); // the first alone says something
        Close("one", "two", 1e-6);
    }

    [Fact]
    public void Two_processes_play_the_game_of_a_discriminator_as_one_does()
    {
        string recipe = Recipe(steps: 12), game = File.ReadAllText(recipe);
        game = game.Replace("objective: [ { loss: l1 } ]", """
            objective: [ { loss: l1 }, { loss: adversarial, weight: 0.3 } ]
            discriminator: { type: dcgan2, gan: vanilla, conditional: true, batchNorm: false, width: 4, optimiser: { lr: 1e-3 } }
            """, StringComparison.Ordinal);
        File.WriteAllText(recipe, game);
        var one = ChildCommandLine.Run("train", recipe, "-o", At("one"), "--cache", At("cache"), "--threads", "1");
        Assert.True(one.ExitCode == 0, one.Error);
        Assert.All(Start(2, recipe, "two").ConvertAll(End), end => Assert.True(end.ExitCode == 0, end.Error));
        Close("one", "two", 1e-6);
        Assert.Equal(Losses("one"), Losses("two"), (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void A_process_that_dies_ends_all_with_a_line_and_another_number_of_them_goes_on()
    {
        string recipe = Recipe(steps: 2000);
        var processes = Start(2, recipe, "run");
        var folder = new RunFolder(At("run"));
        processes[0].Await(() => folder.Checkpoints().Count > 0);
        processes[1].Kill();
        var end = End(processes[0]);
        Assert.Equal(1, end.ExitCode);
        Assert.Contains("process 0 of 2: another process of this training has ended or cannot be reached", end.Error.Split('\n')[^2], StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Model) && folder.Checkpoints()[^1].Step == 2000, "it must have died before its end");
        processes[1].Dispose();

        long step = folder.Checkpoints()[^1].Step + 20;
        string shorter = At("run/recipe.yaml");
        string steps = string.Create(CultureInfo.InvariantCulture, $"steps: {step}");
        File.WriteAllText(shorter, File.ReadAllText(shorter).Replace("steps: 2000", steps, StringComparison.Ordinal));
        var others = Start(3, shorter, "run", "--resume").ConvertAll(End);
        Assert.All(others, other => Assert.True(other.ExitCode == 0, other.Error));
        Assert.Equal(step, folder.Checkpoints()[^1].Step);
    }

    [Fact]
    public void Ctrl_C_for_one_stops_all_after_the_same_step()
    {
        var processes = Start(2, Recipe(steps: 5000), "run");
        var folder = new RunFolder(At("run"));
        processes[0].Await(() => folder.Checkpoints().Count > 0);
        processes[1].Interrupt();
        var ends = processes.ConvertAll(End);
        Assert.InRange(folder.Checkpoints()[^1].Step, 10, 4999);
        Assert.Contains("stopped; --resume goes on", ends[0].Error, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Cancelled, ends[1].ExitCode);
    }

    [Theory]
    [InlineData("WORLD_SIZE=2", "RANK=2")]
    [InlineData("WORLD_SIZE=2", "MASTER_ADDR=localhost")]
    public void What_is_missing_or_wrong_in_the_environment_is_one_line(params string[] environment)
    {
        var result = ChildCommandLine.RunWith(environment, "train", Recipe(20), "-o", At("run"), "--distributed");
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith("unpress: --distributed: ", Assert.Single(result.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    [Fact]
    public void A_batch_that_cannot_be_parted_and_batch_norm_are_refused()
    {
        var uneven = Start(4, Recipe(20), "uneven").ConvertAll(End);
        Assert.All(uneven, end => Assert.Contains(
            "data.batch: 6 patches cannot be parted among 4 processes; take a multiple of 4", end.Error, StringComparison.Ordinal));
        string norms = Recipe(20, "dncnn, channels: 3, width: 8, depth: 3, batchNorm: true");
        Assert.All(Start(2, norms, "norms").ConvertAll(End), end => Assert.Contains(
            "batch norm would see the part of one process only", end.Error, StringComparison.Ordinal));
    }

    private List<ChildCommandLine> Start(int count, string recipe, string run, params string[] more)
    {
        int port = FreePort();
        return [.. Enumerable.Range(0, count).Select(rank => ChildCommandLine.StartWith(
            [$"RANK={rank}", $"WORLD_SIZE={count}", "MASTER_ADDR=127.0.0.1", $"MASTER_PORT={port}"],
            ["train", recipe, "-o", At(run), "--cache", At("cache"), "--threads", "1", "--distributed", .. more]))];
    }

    private static CommandLineResult End(ChildCommandLine process)
    {
        using (process)
            return process.End();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void Close(string one, string other, double bound)
    {
        using var first = WeightFile.Open(new RunFolder(At(one)).Model);
        using var second = WeightFile.Open(new RunFolder(At(other)).Model);
        foreach (var tensor in first.Tensors)
        {
            var a = MemoryMarshal.Cast<byte, float>(tensor.Bytes).ToArray();
            var b = MemoryMarshal.Cast<byte, float>(second[tensor.Name].Bytes).ToArray();
            Assert.All(a.Zip(b), pair => Assert.InRange(pair.First - pair.Second, -bound, bound));
        }
    }

    // Of the network and of its discriminator, as logged.
    private List<double> Losses(string run) => [.. File.ReadLines(At($"{run}/log.jsonl")).Select(line => JsonNode.Parse(line))
        .SelectMany(line => new[] { (double)line!["loss"]!, (double)line["loss_discriminator"]! })];

    private string Recipe(int steps, string network = "unpress, width: 4, blocks: [1, 0, 0]") => TinyTraining.Write(_folder, steps, batch: 6, network);

    private string At(string name) => Path.Combine(_folder, name);
}
