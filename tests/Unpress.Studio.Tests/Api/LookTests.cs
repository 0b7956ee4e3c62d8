using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Unpress.Studio.Api;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Tests.Api;

public sealed class LookTests
{
    [Theory]
    [InlineData(12, "heavy damage", "All of the correction helps at this quality.")]
    [InlineData(75, "some damage", "All of the correction helps at this quality.")]
    [InlineData(95, "hardly any damage", "At quality 95 a part of the correction is best: at 100 you get 50 % of it.")]
    [InlineData(100, "hardly any damage", "Nothing was lost that could be brought back: the picture stays as it is.")]
    public async Task What_was_found_is_said_in_words(int quality, string damage, string reason)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var answer = await studio.PostAsync("/v1/inspect", TestPictures.Jpeg(quality));
        var finding = (await answer.Content.ReadFromJsonAsync<Finding>(RunningStudio.Json))!;
        Assert.Equal([$"JPEG, 160 × 120, saved at quality {quality}: {damage}.", "Its colours were stored at half the size."], finding.Words);
        Assert.Equal(reason, finding.Reason);
        Assert.True(finding.Provable);
    }

    [Fact]
    public async Task Of_a_png_it_is_said_that_it_says_nothing()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var answer = await studio.PostAsync("/v1/inspect", TestPictures.Png(alpha: true, bits: 16));
        var finding = (await answer.Content.ReadFromJsonAsync<Finding>(RunningStudio.Json))!;
        Assert.Equal("PNG, 64 × 48. The file does not say how it was compressed before.", finding.Words[0]);
        Assert.Equal((16, true, false), (finding.Bits, finding.HasAlpha, finding.Provable));
    }

    [Fact]
    public async Task Two_pictures_are_measured()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(TestPictures.Jpeg(100)), "original", "a.jpg" },
            { new ByteArrayContent(TestPictures.Jpeg(20)), "other", "b.jpg" },
        };
        using var answer = await studio.Client.PostAsync("/v1/measure", form);
        var measured = (await answer.Content.ReadFromJsonAsync<Measurement>(RunningStudio.Json))!;
        Assert.InRange(measured.Psnr!.Value, 25, 45);
        Assert.InRange(measured.Ssim, 0.7, 0.999);

        using var unlike = new MultipartFormDataContent
        {
            { new ByteArrayContent(TestPictures.Jpeg()), "original", "a.jpg" },
            { new ByteArrayContent(TestPictures.Png()), "other", "b.png" },
        };
        using var refused = await studio.Client.PostAsync("/v1/measure", unlike);
        Assert.Equal(422, (int)refused.StatusCode);
        Assert.Empty(studio.Files);
    }

    [Fact]
    public async Task The_description_holds_every_address_for_programs()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var description = JsonDocument.Parse(await studio.Client.GetStringAsync("/openapi/v1.json"));
        Assert.StartsWith("3.1", description.RootElement.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        string[] paths = [.. description.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal)];
        Assert.Equal(
            [
                "/v1/enhance", "/v1/events", "/v1/inspect", "/v1/jobs/{id}", "/v1/jobs/{id}/after", "/v1/jobs/{id}/again",
                "/v1/jobs/{id}/before", "/v1/jobs/{id}/cycles", "/v1/jobs/{id}/events", "/v1/jobs/{id}/protect", "/v1/jobs/{id}/result",
                "/v1/jobs/{id}/result/about", "/v1/lab", "/v1/lab/card", "/v1/lab/report", "/v1/lab/run", "/v1/lab/sample", "/v1/measure",
                "/v1/models", "/v1/zip",
            ],
            paths);
    }

    [Fact]
    public async Task The_description_is_the_one_that_the_page_is_made_for()
    {
        await using var studio = await RunningStudio.StartAsync();
        var served = JsonNode.Parse(await studio.Client.GetStringAsync("/openapi/v1.json"));
        var kept = JsonNode.Parse(await File.ReadAllTextAsync(RepoPaths.Combine("src", "Unpress.Studio", "web", "openapi.json")));
        Assert.True(
            JsonNode.DeepEquals(served, kept),
            "the interface has changed: in src/Unpress.Studio/web run 'curl -s localhost:5180/openapi/v1.json -o openapi.json' with the studio running, then 'npm run build && npm run check'");
    }

    [Fact]
    public async Task Operators_see_that_it_is_ready_and_what_it_does()
    {
        await using var studio = await RunningStudio.StartAsync();
        Assert.Equal("ready", await studio.Client.GetStringAsync("/health/ready"));
        using var answer = await studio.PostAsync("/v1/enhance", TestPictures.Png());
        string metrics = await studio.Client.GetStringAsync("/metrics");
        Assert.Contains("unpress_jobs_total{state=\"done\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("unpress_jobs_waiting 0", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_model_that_is_selected_at_first_comes_first()
    {
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = "lite" });
        var models = (await studio.Client.GetFromJsonAsync<ShelfModel[]>("/v1/models", RunningStudio.Json))!;
        Assert.Equal(["lite", "photo"], models.Select(model => model.Name).Take(2));
    }

    [Fact]
    public async Task A_studio_that_cannot_run_its_model_is_not_ready()
    {
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = "none" });
        using var answer = await studio.Client.GetAsync("/health/ready");
        Assert.Equal(503, (int)answer.StatusCode);
    }
}
