using Unpress.Imaging;

namespace Unpress.Cli.Tests.Train;

/// <summary>Stages of a recipe trained one by one.</summary>
public sealed class StageTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public StageTests()
    {
        var picture = new ImageBuffer(48, 48, ColourModel.Rgb);
        for (int i = 0; i < picture.Data.Length; i++)
            picture.Data[i] = (byte)((i * 3) + (i / 48 * 5));
        Directory.CreateDirectory(At("pictures"));
        ImageFile.Save(picture, At("pictures/one.png"));
        File.WriteAllText(At("tiny.yaml"), $$"""
            name: tiny
            network: { type: dncnn, channels: 3, depth: 3, width: 4 }
            data:
              folders: [ { path: {{At("pictures")}} } ]
              minSize: 24
              batch: 2
              patch: { size: 16 }
            objective: [ { loss: l1 } ]
            steps: 2
            stages:
              first: {}
              second: { objective: [ { loss: l2 } ] }
            """);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void One_by_one_they_give_the_bits_of_all_in_a_row()
    {
        Assert.Equal(0, Train("row").ExitCode);
        Assert.Equal(0, Train("single", "--stage", "first").ExitCode);
        Assert.False(Directory.Exists(At("single/tiny-second")));
        Assert.Equal(0, Train("single", "--stage", "second").ExitCode);
        Assert.Equal(File.ReadAllBytes(At("row/tiny-second/model.safetensors")), File.ReadAllBytes(At("single/tiny-second/model.safetensors")));
    }

    [Fact]
    public void An_unknown_stage_is_an_error_of_usage_that_names_those_there_are()
    {
        var result = Train("none", "--stage", "third");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("first, second", result.Error, StringComparison.Ordinal);
    }

    private CommandLineResult Train(string output, params string[] more)
        => CommandLine.Run(["train", At("tiny.yaml"), "-o", At(output), "--cache", At("cache"), "--threads", "1", .. more]);

    private string At(string name) => Path.Combine(_folder, name);
}
