using System.Text.Json;

namespace Unpress.Cli.Tests.Commands;

public sealed class ModelsCommandTests
{
    [Fact]
    public void The_table_has_a_row_a_network()
    {
        CommandLineResult result = CommandLine.Run("models");
        Assert.Equal(0, result.ExitCode);
        string[][] rows = [.. result.Output.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        Assert.Contains(rows, row => row is ["arcnn", "106.6", "k", "27.90", "G", "27.90", "G", "19", "1", ..]);
        Assert.Contains(rows, row => row is ["unpress", ..] && row.Contains("docs/default-network.md"));
    }

    [Fact]
    public void Json_has_exact_figures_and_the_options_they_are_for()
    {
        CommandLineResult result = CommandLine.Run("models", "--json");
        var networks = JsonDocument.Parse(result.Output).RootElement.GetProperty("networks");
        var dncnn = networks.EnumerateArray().Single(row => row.GetProperty("name").GetString() == "dncnn");
        Assert.Equal(665_921, dncnn.GetProperty("parameters").GetInt64());
        Assert.Equal(20, dncnn.GetProperty("options").GetProperty("depth").GetInt32());
        Assert.Equal(174_248_165_376, dncnn.GetProperty("macs").GetDouble());
    }

    [Fact]
    public void Markdown_sets_ours_beside_what_is_published()
    {
        CommandLineResult result = CommandLine.Run("models", "--markdown");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("| `fbcnn` |  | 71.90 M, ours 71.92 M, +0.03 % | 709.6 G, ours 709.6 G,", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fetch_without_a_name_lists_what_can_be_fetched()
    {
        CommandLineResult result = CommandLine.Run("models", "fetch");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("vgg19-dcbb9e9d.pth", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Fetching_what_nobody_publishes_names_what_there_is()
    {
        CommandLineResult result = CommandLine.Run("models", "fetch", "vgg20");
        Assert.Equal(2, result.ExitCode);
        Assert.Contains("vgg19", result.Error, StringComparison.Ordinal);
    }
}
