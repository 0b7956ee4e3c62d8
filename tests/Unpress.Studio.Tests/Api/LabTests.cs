using System.Net.Http.Json;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Studio.Api;
using Unpress.Studio.Lab;

namespace Unpress.Studio.Tests.Api;

/// <summary>The window on trainings and reports.</summary>
public sealed class LabTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("studio-lab-");

    private string Folder => Path.Combine(_parent.FullName, "lab");

    public LabTests()
    {
        LabFolder.Make(Folder);
        File.WriteAllText(Path.Combine(_parent.FullName, "secret.md"), "secret");
        File.WriteAllText(Path.Combine(_parent.FullName, "log.jsonl"), "secret");
    }

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task Trainings_reports_and_cards_are_found()
    {
        await using var studio = await StartAsync();
        var found = await AskAsync<LabOverview>(studio, "/v1/lab");
        Assert.Equal([("runs/one", 3000L)], found.Runs.Select(run => (run.Path, run.Step!.Value)));
        Assert.Equal([("runs/lab/cycle", "report.html")], found.Reports.Select(report => (report.Path, report.Page)));
        Assert.Equal([("models/lite.md", "lite")], found.Cards.Select(card => (card.Path, card.Name)));
    }

    [Fact]
    public async Task A_training_has_its_recipe_its_curves_and_its_samples()
    {
        await using var studio = await StartAsync();
        var run = await AskAsync<LabRunView>(studio, "/v1/lab/run?path=runs/one");
        Assert.Equal("name: one\n", run.Recipe);
        Assert.True(run.Done);
        var loss = run.Curves.Single(curve => curve is { Kind: "train", Name: "loss" });
        Assert.Equal([1000, 2000, 3000], loss.Steps);
        Assert.Equal([0.5, null, 0.25], loss.Values); // NaN, which JSON writes as text
        Assert.Equal([31.5], run.Curves.Single(curve => curve is { Kind: "validation", Name: "psnr_rgb_qf20" }).Values);
        Assert.Equal([("before-qf20.png", null), ("original.png", null), ("000003000-qf20.png", 3000L)],
            run.Samples.OrderBy(sample => sample.Step).ThenBy(sample => sample.File).Select(sample => (sample.File, sample.Step)));
        byte[] picture = await studio.Client.GetByteArrayAsync("/v1/lab/sample?path=runs/one&file=000003000-qf20.png");
        Assert.Equal(16, ImageFile.Load(picture, "sample").Width);
    }

    [Fact]
    public void Of_a_long_log_each_point_is_the_mean_of_its_neighbours()
    {
        string log = Path.Combine(_parent.FullName, "long.jsonl");
        File.WriteAllLines(log, Enumerable.Range(1, 4000).Select(step => $$"""{"step":{{step}},"kind":"train","loss":{{step % 4}}}"""));
        var curve = Assert.Single(LabLog.Read(log));
        Assert.Equal(1000, curve.Steps.Count);
        Assert.Equal((4, 4000), (curve.Steps[0], curve.Steps[^1]));
        Assert.All(curve.Values, value => Assert.Equal(1.5, value));
    }

    [Theory]
    [InlineData("/v1/lab/card?path=../secret.md")]
    [InlineData("/v1/lab/card?path=models/../../secret.md")]
    [InlineData("/v1/lab/card?path=models%5C..%5C..%5Csecret.md")]
    [InlineData("/v1/lab/card?path=runs/one/recipe.yaml")]
    [InlineData("/v1/lab/card?path=models/link.md")]
    [InlineData("/v1/lab/card?path=linked/secret.md")]
    [InlineData("/v1/lab/run?path=..")]
    [InlineData("/v1/lab/run?path=")]
    [InlineData("/v1/lab/run?path=linked")]
    [InlineData("/v1/lab/sample?path=runs/one&file=../recipe.yaml")]
    [InlineData("/v1/lab/sample?path=..&file=original.png")]
    [InlineData("/v1/lab/report?path=runs/lab/cycle&page=results.jsonl")]
    [InlineData("/v1/lab/report?path=runs/lab/cycle&page=../cycle/report.html")]
    public async Task Nothing_else_can_be_read(string address)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.CreateSymbolicLink(Path.Combine(Folder, "models", "link.md"), Path.Combine(_parent.FullName, "secret.md"));
            Directory.CreateSymbolicLink(Path.Combine(Folder, "linked"), _parent.FullName);
        }

        await using var studio = await StartAsync();
        using var answer = await studio.Client.GetAsync(address);
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain((await AskAsync<LabOverview>(studio, "/v1/lab")).Cards, card => card.Name is "link" or "secret");
    }

    [Fact]
    public async Task A_report_is_a_page_that_may_ask_nobody_for_anything()
    {
        await using var studio = await StartAsync();
        using var answer = await studio.Client.GetAsync("/v1/lab/report?path=runs/lab/cycle&page=report.html");
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        Assert.Contains("sandbox allow-scripts", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("connect-src", policy, StringComparison.Ordinal);
        Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Without_a_folder_it_says_how_to_name_one()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var answer = await studio.Client.GetAsync("/v1/lab");
        Assert.Equal(404, (int)answer.StatusCode);
        Assert.Contains("--lab FOLDER", await RunningStudio.ErrorOf(answer), StringComparison.Ordinal);
        var options = new StudioOptions { Model = RunningStudio.Model, Lab = Path.Combine(Folder, "none") };
        await Assert.ThrowsAsync<ArgumentException>(() => RunningStudio.StartAsync(options));
    }

    private Task<RunningStudio> StartAsync() => RunningStudio.StartAsync(new StudioOptions { Model = RunningStudio.Model, Lab = Folder });

    private static async Task<T> AskAsync<T>(RunningStudio studio, string address)
        => (await studio.Client.GetFromJsonAsync<T>(address, RunningStudio.Json))!;
}

/// <summary>What trainings and experiments leave behind, made here.</summary>
internal static class LabFolder
{
    public static void Make(string folder)
    {
        Write("runs/one/recipe.yaml", "name: one\n");
        Write("runs/one/model.safetensors", "");
        Write(
            "runs/one/log.jsonl",
            """
            {"step":1000,"time":"2026-11-30T20:00:00Z","kind":"train","loss":0.5,"learning_rate":0.001}
            {"step":2000,"time":"2026-11-30T20:10:00Z","kind":"train","loss":"NaN","learning_rate":0.0005}
            {"step":3000,"time":"2026-11-30T20:20:00Z","kind":"train","loss":0.25,"learning_rate":0.0001}
            {"step":3000,"time":"2026-11-30T20:20:01Z","kind":"validation","psnr_rgb_qf20":31.5}
            {"step":4000,"time":"2026-11-30T2
            """);
        foreach (string name in (string[])["original", "before-qf20", "000003000-qf20"])
            ImageFile.Save(TestPictures.Scene(16, 16), Path.Combine(Made("runs/one/samples"), name + ".png"), new SaveOptions());
        Write("runs/one/samples/other.txt", "");
        Write("runs/lab/cycle/run.json", "{}");
        Write("runs/lab/cycle/results.jsonl", "");
        Write("runs/lab/cycle/report.html", "<!doctype html><html lang='en'><title>Report</title><body><p id='p'>before</p><script>p.textContent = 'ran'</script></body></html>");
        Write("models/lite.onnx", "");
        Write("models/lite.md", "# Model card: lite\n\n| | |\n|---|---|\n| File | `lite.onnx` |\n\n## Limits\n\n- **Small**, <script>alert(1)</script> [more](../docs/index.md).\n");
        Write("models/no-model.md", "notes");

        string Made(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;

        void Write(string name, string text)
        {
            Made(Path.GetDirectoryName(name)!);
            File.WriteAllText(Path.Combine(folder, name), text);
        }
    }
}
