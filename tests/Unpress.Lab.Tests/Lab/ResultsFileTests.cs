using Unpress.Imaging;
using Unpress.Lab.Results;

namespace Unpress.Tests.Lab;

public sealed class ResultsFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-lab-");

    private string Path => System.IO.Path.Combine(_folder.FullName, "results.jsonl");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_is_added_is_there_when_it_is_opened_again()
    {
        using (var file = ResultsFile.Open(Path))
            file.Add(Of("a", 0.1));
        using var again = ResultsFile.Open(Path);
        Assert.True(again.Has(Of("a", 0).Key()));
        Assert.False(again.Has(Of("b", 0).Key()));
        Assert.Equal(Of("a", 0.1), Assert.Single(again.Figures()));
    }

    [Fact]
    public void A_half_written_line_is_cut_off_and_the_file_goes_on_after_it()
    {
        using (var file = ResultsFile.Open(Path))
            file.Add(Of("a", 1));
        File.AppendAllText(Path, "{\"experiment\":\"resto");
        Assert.Single(ResultsFile.Read(Path));
        using (var file = ResultsFile.Open(Path))
            file.Add(Of("b", 2));
        Assert.Equal([1, 2], ResultsFile.Read(Path).Select(figure => figure.Value!.Value));
    }

    [Fact]
    public void A_failed_figure_is_not_there_and_a_later_line_replaces_it()
    {
        using (var file = ResultsFile.Open(Path))
        {
            file.Add(Of("a", 0) with { Value = null, Error = "ended with code 3" });
            Assert.False(file.Has(Of("a", 0).Key()));
            file.Add(Of("a", double.PositiveInfinity));
        }
        var figure = Assert.Single(ResultsFile.Read(Path));
        Assert.Null(figure.Error);
        Assert.Equal(double.PositiveInfinity, figure.Value);
    }

    [Fact]
    public void A_line_that_is_no_figure_is_named()
    {
        File.WriteAllText(Path, "{\"cycle\":1}\n");
        Assert.Contains("line 1", Assert.Throws<InvalidFileException>(() => ResultsFile.Open(Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_runs_do_not_write_to_one_file()
    {
        using var file = ResultsFile.Open(Path);
        Assert.Throws<InvalidFileException>(() => ResultsFile.Open(Path));
    }

    private static Figure Of(string picture, double value) => new()
    {
        Experiment = "restore",
        Enhancer = Figure.Compressed,
        Codec = "jpeg",
        Setting = 10,
        Set = "live1",
        Picture = picture,
        Cycle = 0,
        Metric = "psnr",
        Value = value,
        Bytes = 1234,
    };
}
