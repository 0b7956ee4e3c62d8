using System.Text.Json;
using System.Text.RegularExpressions;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Reports;
using Unpress.Lab.Results;

namespace Unpress.Tests.Lab.Reports;

public sealed class CandidatesReportTests : IDisposable
{
    private readonly SmallRun _run = new(measured: false);

    public CandidatesReportTests()
    {
        var folder = new LabFolder(_run.Path);
        folder.Write(folder.ReadFacts() with { Experiment = "candidates", Cycles = 1, Candidates = new CandidatesSection { Count = 3, Noise = [0.5, 1] } });
        using var results = ResultsFile.Open(folder.Results);
        Add(Figure.Compressed, 0, 30);
        string[] labels = [.. new[] { 0.5, 1 }.Select(noise => CandidatesExperiment.Label("net", noise))];
        Add(labels[0], 1, 29);
        Add(labels[1], 1, 28);
        string kept = Path.GetDirectoryName(folder.Picture("live1", "bikes", "jpeg", 10, "net", 1))!;
        Directory.Move(kept, Path.GetDirectoryName(folder.Picture("live1", "bikes", "jpeg", 10, labels[1], 1))!);

        void Add(string enhancer, int cycle, double value) => results.Add(new Figure
        {
            Experiment = "candidates",
            Enhancer = enhancer,
            Codec = "jpeg",
            Setting = 10,
            Set = "live1",
            Picture = "bikes",
            Cycle = cycle,
            Metric = "psnr",
            Value = value,
            Seconds = cycle == 0 ? null : value,
        });
    }

    public void Dispose() => _run.Dispose();

    [Fact]
    public void A_network_costs_the_same_whatever_its_noise()
    {
        string text = LabReport.Text(LabRun.Read(_run.Path), ReportFormat.Md);
        Assert.Contains("over 3 answers to each", text, StringComparison.Ordinal);
        Assert.Contains("| net, z 0.5 | **29.00** |", text, StringComparison.Ordinal);
        Assert.Contains("| net (unpress) | 1.500 | 2.0 | 28.50 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void All_answers_are_shown()
    {
        string page = LabReport.Text(LabRun.Read(_run.Path), ReportFormat.Html);
        var pictures = JsonDocument.Parse(Regex.Match(page, "id=\"gallery-data\">(?<json>.*?)</script>").Groups["json"].Value).RootElement;
        Assert.Equal("answer", pictures.GetProperty("step").GetString());
        var enhanced = pictures.GetProperty("pictures").EnumerateArray().SelectMany(picture => picture.GetProperty("enhanced").EnumerateArray());
        Assert.Equal(["net, z 1"], enhanced.Select(one => one.GetProperty("name").GetString()));
        Assert.Equal(3, enhanced.Single().GetProperty("cycles").GetArrayLength());
    }
}
