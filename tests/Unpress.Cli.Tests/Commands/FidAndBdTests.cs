using System.Text.Json;
using Unpress.Metrics;

namespace Unpress.Cli.Tests.Commands;

public sealed class FidAndBdTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-fid-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Statistics_are_merged_and_compared_without_any_network()
    {
        string a = Statistics("a.npz", 1), b = Statistics("b.npz", 2), all = At("all.npz");
        Assert.Equal(0, CommandLine.Run("fid", a, b, "--statistics", all).ExitCode);
        Assert.Equal(40, FeatureStatistics.Read(all).Count);

        CommandLineResult result = CommandLine.Run("fid", a, a, "--json");
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("20 pictures", result.Error, StringComparison.Ordinal);
        Assert.Equal(0, JsonDocument.Parse(result.Output).RootElement.GetProperty("values").GetProperty("fid").GetDouble(), 1e-12);
        Assert.StartsWith("fid  ", CommandLine.Run("fid", a, b).Output, StringComparison.Ordinal);
        Assert.StartsWith("fid-clean  ", CommandLine.Run("fid", a, b, "--clean").Output, StringComparison.Ordinal);
        CommandLineResult resnet = CommandLine.Run("fid", a, b, "--resnet18");
        Assert.StartsWith("resnet18-frechet  ", resnet.Output, StringComparison.Ordinal);
        Assert.Contains("below 512 resnet18-frechet", resnet.Error, StringComparison.Ordinal);
        Assert.Equal(2, CommandLine.Run("fid", a, b, "--resnet18", "--kid").ExitCode);
        CommandLineResult kid = CommandLine.Run("fid", a, b, "--kid");
        Assert.Equal(1, kid.ExitCode);
        Assert.Contains("statistics alone", kid.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_that_are_no_numbers_are_refused_by_name()
    {
        string good = Statistics("good.npz", 1), bad = At("bad.npz");
        var statistics = new FeatureStatistics(2);
        statistics.Add([1, double.NaN]);
        statistics.Add([2, 3]);
        statistics.Save(bad);
        CommandLineResult result = CommandLine.Run("fid", good, bad);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("bad.npz: has infinite or undefined numbers", result.Error, StringComparison.Ordinal);
        result = CommandLine.Run("fid", good, "--statistics", At("nowhere/a.npz"));
        Assert.Equal(1, result.ExitCode);
        Assert.Equal($"unpress: {At("nowhere/a.npz")}: cannot be written: its folder does not exist\n", result.Error);
    }

    [Fact]
    public void Without_the_network_the_message_names_the_file_and_its_place_and_one_picture_is_no_set()
    {
        foreach (string name in (string[])["one/a.pgm", "two/a.pgm", "two/b.pgm"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
            File.WriteAllBytes(At(name), [.. "P5\n16 16\n255\n"u8, .. new byte[256]]);
        }

        CommandLineResult result = CommandLine.Run("fid", At("one"), At("two"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("one picture is no set", result.Error, StringComparison.Ordinal);
        if (Unpress.Downloads.OfficialFiles.PathOf(Unpress.Downloads.OfficialFiles.Find("inception_v3_fid")) is not null)
            return; // this machine has the network
        result = CommandLine.Run("fid", At("two"), At("two"));
        Assert.Equal(3, result.ExitCode);
        Assert.Contains("pt_inception-2015-12-05-6726825d.pth", result.Error, StringComparison.Ordinal);
        Assert.Contains("models fetch inception_v3_fid", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Deltas_of_two_curves_are_printed_and_faults_named()
    {
        File.WriteAllText(At("a.csv"), "rate,psnr\n9487.76,40.037\n4593.60,38.615\n2486.44,36.845\n1358.24,34.851\n");
        File.WriteAllText(At("b.csv"), "9787.80,40.121\n4469.00,38.651\n2451.52,36.970\n1356.24,34.987\n");
        CommandLineResult result = CommandLine.Run("bd", At("a.csv"), At("b.csv"));
        Assert.Equal(0, result.ExitCode);
        Assert.Contains("cubic  BD-rate -4.4205 %  BD-quality +0.1204", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
        File.AppendAllText(At("b.csv"), "12,x\n");
        result = CommandLine.Run("bd", At("a.csv"), At("b.csv"));
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("'12,x'", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("fid", "only-one")]
    [InlineData("fid")]
    [InlineData("bd", "one.csv")]
    public void A_command_line_that_makes_no_sense_is_refused(params string[] arguments) => Assert.Equal(2, CommandLine.Run(arguments).ExitCode);

    private string At(string name) => Path.Combine(_folder, name);

    private string Statistics(string name, int seed)
    {
        var random = new Random(seed);
        var statistics = new FeatureStatistics(5);
        for (int i = 0; i < 20; i++)
            statistics.Add([.. Enumerable.Range(0, 5).Select(_ => random.NextDouble())]);
        statistics.Save(At(name));
        return At(name);
    }
}
