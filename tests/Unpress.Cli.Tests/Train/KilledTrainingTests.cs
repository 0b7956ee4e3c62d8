using Unpress.Training;

namespace Unpress.Cli.Tests.Train;

/// <summary>A training dies without a word, as in a power cut, and goes on as if nothing had been.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Kill_dash_9_and_resume_give_the_bits_of_an_unbroken_run()
    {
        string recipe = TinyTraining.Write(_folder, steps: 800, batch: 2);
        Succeeds("train", recipe, "-o", At("unbroken"), "--cache", At("cache"), "--threads", "1");

        var folder = new RunFolder(At("killed"));
        using (var child = new ChildCommandLine("train", recipe, "-o", folder.Path, "--cache", At("cache"), "--threads", "1"))
        {
            child.Await(() => folder.Checkpoints().Count > 0);
            child.Kill();
        }

        Assert.InRange(folder.Checkpoints()[^1].Step, 10, 790);
        Assert.False(File.Exists(folder.Model), "it must have died before its end");
        Succeeds("train", folder.Recipe, "-o", folder.Path, "--resume", "--cache", At("cache"), "--threads", "1");

        var unbroken = new RunFolder(At("unbroken"));
        Assert.Equal(File.ReadAllBytes(unbroken.Model), File.ReadAllBytes(folder.Model));
        Assert.Equal(File.ReadAllBytes(unbroken.Checkpoint(800)), File.ReadAllBytes(folder.Checkpoint(800)));
    }

    private static void Succeeds(params string[] arguments)
    {
        var result = ChildCommandLine.Run(arguments);
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.DoesNotContain('\e', result.Error); // what is not a terminal gets no colour codes
    }

    private string At(string name) => Path.Combine(_folder, name);
}
