using System.Text.Json;
using Unpress.Testing;

namespace Unpress.Cli.Tests.Train;

public sealed class TrainOptionsTests
{
    [Theory]
    [InlineData("--threads")]
    [InlineData("--report")]
    public void A_number_below_one_is_an_error_of_usage(string option)
    {
        var result = CommandLine.Run("train", "nowhere.yaml", option, "0");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"{option} takes a whole number of 1 or more, not '0'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void With_json_each_line_is_an_object()
    {
        var folder = Directory.CreateTempSubdirectory("unpress-test-");
        var result = CommandLine.Run(
            "train", RepoPaths.Combine("recipes", "unpress", "photo.yaml"), "--overlay", "smoke", "--set", "steps=4", "--report", "2", "--json",
            "-o", Path.Combine(folder.FullName, "run"), "--cache", Path.Combine(folder.FullName, "cache"));
        Assert.Equal(0, result.ExitCode);
        var lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(["start", "note", "report", "report", "end"], lines.Select(line => line.GetProperty("event").GetString()));
        Assert.Equal([2, 4], lines.Where(line => line.TryGetProperty("loss", out _)).Select(line => line.GetProperty("step").GetInt32()));
        Assert.Equal("", result.Error);
        folder.Delete(recursive: true);
    }
}
