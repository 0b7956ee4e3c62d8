using System.Text.Json;

namespace Unpress.Cli.Tests.Commands;

public sealed class BenchNetworksCommandTests
{
    private static readonly string[] Small =
        ["bench", "networks", "--network", "d3,arcnn", "--size", "16", "--repeats", "1", "--device", "cpu", "--threads", "1"];

    [Fact]
    public void Json_has_counts_and_times()
    {
        var result = CommandLine.Run([.. Small, "--json"]);
        Assert.Equal(0, result.ExitCode);
        var root = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal((16, 1), (root.GetProperty("side").GetInt32(), root.GetProperty("threads").GetInt32()));
        var networks = root.GetProperty("networks").EnumerateArray().ToArray();
        Assert.Equal(["d3", "arcnn"], networks.Select(row => row.GetProperty("name").GetString()));
        Assert.Equal(106_561, networks[1].GetProperty("parameters").GetInt64());
        Assert.True(networks[1].GetProperty("milliseconds").GetDouble() > 0);
        Assert.False(networks[1].GetProperty("scaled").GetBoolean());
    }

    [Fact]
    public void Markdown_and_table_say_how_they_were_measured()
    {
        foreach (string[] form in (string[][])[["--markdown"], []])
        {
            var result = CommandLine.Run([.. Small, .. form]);
            Assert.Equal(0, result.ExitCode);
            Assert.Contains("106.6 k", result.Output, StringComparison.Ordinal);
            Assert.Contains("16×16 pixels, fp32", result.Output, StringComparison.Ordinal);
            Assert.Contains("1 threads", result.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bf16_is_measured_when_asked_for()
    {
        var result = CommandLine.Run([.. Small, "--precision", "bf16", "--json"]);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal("bf16", JsonDocument.Parse(result.Output).RootElement.GetProperty("precision").GetString());
    }

    [Theory]
    [InlineData("1e300")]
    [InlineData("NaN")]
    [InlineData("0")]
    public void A_limit_that_is_no_time_is_an_error_of_usage(string limit)
    {
        var result = CommandLine.Run([.. Small, "--limit", limit]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("--limit takes", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_network_is_an_error_of_usage()
    {
        var result = CommandLine.Run("bench", "networks", "--network", "arcnm");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("arcnn", result.Error, StringComparison.Ordinal);
    }
}
