using Unpress.Imaging;
using Unpress.Lab;
using Unpress.Lab.Experiments;
using Unpress.Lab.Recipes;
using Unpress.Lab.Reports;
using Unpress.Lab.Results;
using Unpress.Networks;
using Unpress.Networks.Profiling;
using Unpress.Recipes;
using PaperRows = Unpress.Lab.Reports.Published.PublishedFigures;

namespace Unpress.Tests.Lab;

public sealed class AblationAndEfficiencyTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-parts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_ablation_has_ticks_and_differences_to_its_baseline()
    {
        Directory.CreateDirectory(At("set"));
        var picture = new ImageBuffer(24, 16, ColourModel.Rgb);
        new Random(1).NextBytes(picture.Data);
        ImageFile.Save(picture, At("set/a.png"));
        var recipe = Ablation("base");
        var figures = LabRunner.Run(new AblationExperiment(), recipe, new LabFolder(At("run")), "unpress lab", null, default);
        double Value(string model) => figures.Single(figure => figure.Enhancer == model && figure.Cycle == 1).Value!.Value;
        string report = LabReport.Text(LabRun.Read(At("run")), ReportFormat.Md);
        Assert.Contains("| Model | parts first | parts second | QF 20 ssim ↑ | QF 20 Δ ssim |", report, StringComparison.Ordinal);
        Assert.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"| whole | ✓ | ✓ | 1.0000 | +{1 - Value("base"):F4} |"),
            report.Replace("**", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("| base | – | – |", report, StringComparison.Ordinal);
    }

    [Fact]
    public void An_ablation_of_enhancers_that_are_not_there_is_refused()
    {
        Directory.CreateDirectory(At("set"));
        var error = Assert.Throws<RecipeException>(
            () => LabRunner.Run(new AblationExperiment(), Ablation("nobody"), new LabFolder(At("run")), "", null, default));
        Assert.Contains("'nobody' is no enhancer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Efficiency_counts_what_models_counts_and_times_each_network_once()
    {
        var recipe = LabRecipe.Parse(
            "name: cost\nefficiency: { networks: [arcnn, dcad], side: 16, repeats: 1, threads: 1, device: cpu }\n", "cost.yaml");
        var figures = LabRunner.Run(new EfficiencyExperiment(), recipe, new LabFolder(At("run")), "unpress lab", null, default);
        double Value(string network, string metric) => figures.Single(figure => figure.Enhancer == network && figure.Metric == metric).Value!.Value;
        var profile = NetworkProfile.Of(NetworkCatalog.Find("arcnn"), height: 16, width: 16);
        Assert.Equal(profile.Layers.Parameters, Value("arcnn", "parameters"));
        Assert.Equal(profile.Layers.Work.True, Value("arcnn", "macs"));
        Assert.True(Value("dcad", "ms") > 0);
        long length = new FileInfo(At("run/results.jsonl")).Length;
        LabRunner.Run(new EfficiencyExperiment(), recipe, new LabFolder(At("run")), "unpress lab", null, default);
        Assert.Equal(length, new FileInfo(At("run/results.jsonl")).Length);
        string report = LabReport.Text(LabRun.Read(At("run")), ReportFormat.Md);
        Assert.Contains("| arcnn |", report, StringComparison.Ordinal);
        Assert.DoesNotContain("*DAGN*", report, StringComparison.Ordinal); // published for 512×512
        Assert.Contains("efficiency", LabReport.Text(LabRun.Read(At("run")), ReportFormat.Html), StringComparison.Ordinal);
    }

    [Fact]
    public void The_papers_rows_are_there()
    {
        Assert.Contains(PaperRows.Costs, row => row is { Side: 512, System: "DAGN" } && row.Figures["table-macs"] == "952.8" && row.Figures["ms"] == "29.7");
        Assert.Contains(PaperRows.For("live1", false, "jpeg", ablation: true),
            row => row is { System: "baseline with CSGM", Setting: 30 } && row.Figures["psnr"] == "31.40");
        Assert.Contains(PaperRows.For("div2k-valid", false, "hevc", ablation: true), row => row.System == "ESRGAN with both" && row.Figures["fid"] == "7.50");
        Assert.Contains(PaperRows.For("coco-val", false, "jpeg"), row => row is { System: "DAGN", Setting: 10 } && row.Figures["faster-rcnn-map"] == "26.1");
    }

    private LabRecipe Ablation(string baseline) => LabRecipe.Parse(
        $$"""
        name: parts
        sets: [{ name: tiny, folder: {{At("set")}} }]
        compression: [{ codec: jpeg, settings: [20] }]
        enhancers:
          - { name: base, command: "cp {in} {out}" }
          - { name: whole, command: "sh -c 'cp {{At("set/a.png")}} $1' {in} {out}" }
        metrics: [ssim]
        ablation:
          baseline: {{baseline}}
          switches: [{ name: first, on: [whole] }, { name: second, on: [whole] }]
        """,
        "parts.yaml");

    private string At(string name) => Path.Combine(_folder.FullName, name);
}
