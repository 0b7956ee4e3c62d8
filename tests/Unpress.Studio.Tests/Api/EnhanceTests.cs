using System.IO.Compression;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Inference.Jobs;
using Unpress.Models;
using Unpress.Studio.Api;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Tests.Api;

public sealed class EnhanceTests
{
    /// <summary>What is asked for by a request, and the same of the job that the command line runs.</summary>
    public static TheoryData<string, double, string, int?, bool> Orders => new()
    {
        { "strength=100", 100, "png", null, false },
        { "strength=37.5", 37.5, "png", null, false },
        { "strength=0", 0, "png", null, false },
        { "strength=60&format=jpeg&quality=90", 60, "jpg", 90, false },
        { "format=webp", 100, "webp", null, false },
        { "strength=80&consistent=true", 80, "png", null, true },
    };

    [Theory]
    [MemberData(nameof(Orders))]
    public async Task A_result_is_the_file_that_the_command_line_writes(string query, double strength, string extension, int? quality, bool consistent)
    {
        byte[] picture = TestPictures.Jpeg();
        byte[] expected = Enhanced(picture, strength, extension, quality, consistent);
        await using var studio = await RunningStudio.StartAsync();

        using var answer = await studio.PostAsync("/v1/enhance?" + query, picture);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal(expected, await answer.Content.ReadAsByteArrayAsync());

        var job = await studio.StartJobAsync(picture);
        Assert.Equal(JobState.Done, (await studio.EndOfAsync(job.Id)).State);
        Assert.Equal(expected, await studio.Client.GetByteArrayAsync($"/v1/jobs/{job.Id}/result?{query}"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_had_to_make_room_gives_the_same_result(long keptBytes)
    {
        byte[] picture = TestPictures.Jpeg();
        var limits = new StudioLimits { KeptBytes = keptBytes };
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = RunningStudio.Model, Limits = limits });
        var job = await studio.StartJobAsync(picture);
        await studio.EndOfAsync(job.Id);
        while (studio.Store.Find(job.Id)!.Kept is not null)
            await Task.Delay(10);

        Assert.Equal(Enhanced(picture, 100, "png", null, false), await studio.Client.GetByteArrayAsync($"/v1/jobs/{job.Id}/result"));
        Assert.Equal(Enhanced(picture, 50, "png", null, false), await studio.Client.GetByteArrayAsync($"/v1/jobs/{job.Id}/result?strength=50"));
    }

    [Fact]
    public async Task A_form_does_as_well_and_the_result_has_the_name_of_the_picture()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var form = new MultipartFormDataContent { { new ByteArrayContent(TestPictures.Jpeg()), "file", "../../Grüße aus Köln.jpg" } };
        using var answer = await studio.Client.PostAsync("/v1/enhance", form);
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Equal("Grüße aus Köln.unpress.png", answer.Content.Headers.ContentDisposition!.FileNameStar);
    }

    [Fact]
    public async Task A_job_tells_how_far_it_is_and_goes_with_its_files()
    {
        await using var studio = await RunningStudio.StartAsync();
        var job = await studio.StartJobAsync(TestPictures.Jpeg(quality: 30), name: "a.jpg");
        Assert.Equal("a.jpg", job.Name);
        var end = await studio.EndOfAsync(job.Id);
        Assert.Equal((JobState.Done, 1.0), (end.State, end.Progress));
        Assert.Contains("quality 30", end.Finding!.Words[0], StringComparison.Ordinal);

        var before = ImageFile.Load(await studio.Client.GetByteArrayAsync($"/v1/jobs/{job.Id}/before"), "before");
        Assert.Equal(ImageFile.Load(TestPictures.Jpeg(quality: 30), "it").Data, before.Data);
        byte[] result = await studio.Client.GetByteArrayAsync($"/v1/jobs/{job.Id}/result");
        var after = ImageFile.Load(await studio.Client.GetByteArrayAsync($"/v1/jobs/{job.Id}/after"), "after");
        Assert.Equal(ImageFile.Load(result, "result").Data, after.Data);
        var about = await studio.Client.GetFromJsonAsync<ResultView>($"/v1/jobs/{job.Id}/result/about", RunningStudio.Json);
        Assert.Equal(("a.unpress.png", result.Length), (about!.Name, about.Bytes));

        Assert.NotEmpty(studio.Files);
        using var gone = await studio.Client.DeleteAsync($"/v1/jobs/{job.Id}");
        Assert.Equal(204, (int)gone.StatusCode);
        Assert.Empty(studio.Files);
        using var nothing = await studio.Client.GetAsync($"/v1/jobs/{job.Id}");
        Assert.Equal(404, (int)nothing.StatusCode);
    }

    [Fact]
    public async Task A_proof_is_told()
    {
        await using var studio = await RunningStudio.StartAsync();
        var job = await studio.StartJobAsync(TestPictures.Jpeg());
        await studio.EndOfAsync(job.Id);
        var about = await studio.Client.GetFromJsonAsync<ResultView>($"/v1/jobs/{job.Id}/result/about?consistent=true", RunningStudio.Json);
        Assert.Equal(1, about!.Reproduced);
    }

    [Fact]
    public async Task Who_comes_when_the_queue_is_full_is_told_when_to_come_again()
    {
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = RunningStudio.Model, Limits = new StudioLimits { Waiting = 2 } });
        using var hold = studio.Hold();
        int accepted = 0;
        for (int sent = 0; sent < 5; sent++)
        {
            using var answer = await studio.PostAsync("/v1/enhance", TestPictures.Jpeg(), wait: false);
            if ((int)answer.StatusCode == 202)
            {
                accepted++;
                continue;
            }

            Assert.Equal(429, (int)answer.StatusCode);
            Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        }

        // Two wait; one more may have left the queue and wait for the model.
        Assert.InRange(accepted, 2, 3);
        Assert.Equal(accepted, studio.Files.Length);
    }

    [Fact]
    public async Task A_job_that_is_stopped_before_its_turn_never_runs()
    {
        await using var studio = await RunningStudio.StartAsync();
        var hold = studio.Hold();
        var first = await studio.StartJobAsync(TestPictures.Jpeg());
        var second = await studio.StartJobAsync(TestPictures.Jpeg());
        using var gone = await studio.Client.DeleteAsync($"/v1/jobs/{second.Id}");
        Assert.Equal(204, (int)gone.StatusCode);
        hold.Dispose();
        Assert.Equal(JobState.Done, (await studio.EndOfAsync(first.Id)).State);
        Assert.Single(studio.Files);
    }

    [Fact]
    public async Task A_studio_that_ends_lets_a_model_that_runs_end_first()
    {
        var studio = await RunningStudio.StartAsync();
        var started = await studio.StartJobAsync(TestPictures.Jpeg(width: 800, height: 600));
        await studio.EndOfAsync(started.Id);
        var job = studio.Store.Find(started.Id)!;
        job.Keep(null);
        // As for a download of a result that is not kept any more, which nothing of the server waits for.
        var computed = studio.Queue.CorrectionOfAsync(job, CancellationToken.None);
        await Task.Delay(100);
        await studio.DisposeAsync();
        var error = await Record.ExceptionAsync(() => computed);
        Assert.True(error is null or ObjectDisposedException, error?.ToString());
    }

    [Fact]
    public async Task A_running_job_stops_when_its_caller_goes()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var leaving = new CancellationTokenSource();
        var request = studio.Client.PostAsync("/v1/enhance", new ByteArrayContent(TestPictures.Jpeg(width: 1600, height: 1200)), leaving.Token);
        while (studio.Files.Length == 0)
            await Task.Delay(10);
        await Task.Delay(200);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        for (int waited = 0; studio.Files.Length > 0 && waited < 500; waited++)
            await Task.Delay(20);
        Assert.Empty(studio.Files);
        Assert.Equal(200, (int)(await studio.PostAsync("/v1/enhance", TestPictures.Jpeg())).StatusCode);
    }

    [Fact]
    public async Task The_same_picture_goes_through_another_model()
    {
        await using var studio = await RunningStudio.StartAsync();
        var first = await studio.StartJobAsync(TestPictures.Jpeg());
        await studio.EndOfAsync(first.Id);
        using var answer = await studio.Client.PostAsync($"/v1/jobs/{first.Id}/again?model=drawings", null);
        var second = await answer.Content.ReadFromJsonAsync<JobView>(RunningStudio.Json);
        Assert.Equal(JobState.Done, (await studio.EndOfAsync(second!.Id)).State);
        using var removed = await studio.Client.DeleteAsync($"/v1/jobs/{first.Id}");
        byte[] other = await studio.Client.GetByteArrayAsync($"/v1/jobs/{second.Id}/result");
        Assert.Equal(Enhanced(TestPictures.Jpeg(), 100, "png", null, false, "drawings"), other);
    }

    [Fact]
    public async Task A_picture_that_was_enhanced_is_left_unless_somebody_asks()
    {
        await using var studio = await RunningStudio.StartAsync();
        byte[] enhanced = Enhanced(TestPictures.Jpeg(), 100, "png", null, false);
        var job = await studio.StartJobAsync(enhanced);
        var end = await studio.EndOfAsync(job.Id);
        Assert.Equal(JobState.Left, end.State);
        Assert.Contains("unpress", end.Finding!.Enhanced, StringComparison.Ordinal);
        using var again = await studio.PostAsync("/v1/enhance?again=true", enhanced);
        Assert.Equal(200, (int)again.StatusCode);
    }

    [Fact]
    public async Task Many_come_in_one_file_with_names_of_their_own()
    {
        await using var studio = await RunningStudio.StartAsync();
        foreach (var (name, picture) in new[] { ("a.jpg", TestPictures.Jpeg()), ("a.jpg", TestPictures.Jpeg(40)),
            ("clear.png", TestPictures.Png(alpha: true)) })
        {
            var job = await studio.StartJobAsync(picture, "group=g", name);
            Assert.Equal(JobState.Done, (await studio.EndOfAsync(job.Id)).State);
        }

        using var zip = new ZipArchive(new MemoryStream(await studio.Client.GetByteArrayAsync("/v1/zip?group=g&format=jpeg")));
        Assert.Equal(["a.unpress.jpg", "a.unpress-2.jpg", "failed.txt"], zip.Entries.Select(entry => entry.FullName));
        using var first = zip.Entries[0].Open();
        Assert.Equal(160, ImageFile.Load(first, "first").Width);
        using var failed = new StreamReader(zip.Entries[2].Open());
        Assert.Equal("clear.png: JPEG cannot hold transparency; save as PNG, TIFF or WebP\n", (await failed.ReadToEndAsync()).ReplaceLineEndings("\n"));
        using var others = await studio.Client.GetAsync("/v1/zip?group=another");
        Assert.Equal(404, (int)others.StatusCode);
    }

    [Fact]
    public async Task A_part_goes_round_and_the_stable_model_changes_it_less()
    {
        await using var studio = await RunningStudio.StartAsync();
        var job = await studio.StartJobAsync(TestPictures.Jpeg());
        string events = await studio.Client.GetStringAsync($"/v1/jobs/{job.Id}/cycles?x=20&y=20&side=64&count=3");
        Assert.Equal(6, events.Split('\n').Count(line => line == "event: round"));
        Assert.Contains("event: end", events, StringComparison.Ordinal);
        using var none = await studio.Client.GetAsync($"/v1/jobs/{job.Id}/cycles?x=0&y=0&side=64&count=1000");
        Assert.Equal(400, (int)none.StatusCode);
    }

    [Theory]
    [InlineData("strength=101", "strength: 0 to 100")]
    [InlineData("strength=NaN", "strength: 0 to 100")]
    [InlineData("quality=0", "quality: 1 to 100")]
    [InlineData("format=gif", "format: ")]
    [InlineData("strength=much", "strength: cannot be read: much")]
    [InlineData("quality=1.5", "quality: cannot be read: 1.5")]
    [InlineData("subsampling=411", "subsampling: 444, 422 or 420")]
    [InlineData("metadata=some", "metadata: keep, no-gps or none")]
    [InlineData("model=../../etc/passwd", "there is no model passwd; /v1/models lists them")]
    [InlineData("model=photo&seed=3", "the model photo has one answer for a picture: it takes no seed")]
    public async Task A_wrong_wish_is_refused_with_one_line(string query, string expected)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var answer = await studio.PostAsync("/v1/enhance?" + query, TestPictures.Jpeg());
        Assert.Equal(400, (int)answer.StatusCode);
        Assert.StartsWith(expected, await RunningStudio.ErrorOf(answer), StringComparison.Ordinal);
        Assert.Empty(studio.Files);
    }

    /// <summary>By the job that the command line runs, with its options.</summary>
    private static byte[] Enhanced(byte[] picture, double strength, string extension, int? quality, bool consistent, string name = RunningStudio.Model)
    {
        var folder = Directory.CreateTempSubdirectory("studio-test-");
        try
        {
            string input = Path.Combine(folder.FullName, "in.jpg"), output = Path.Combine(folder.FullName, "out." + extension);
            File.WriteAllBytes(input, picture);
            using var enhancer = new ModelEnhancer(
                name, OnnxModel.Open(ModelFinder.Find(name), new OnnxModelOptions { Threads = 2 }), new ModelEnhancerOptions { Strength = strength });
            var outcome = new EnhanceJob(new EnhanceJobOptions
            {
                Inputs = [input],
                Output = output,
                Consistent = consistent,
                Save = new SaveOptions { Quality = quality ?? 95, Lossless = quality is null },
            }).Run(enhancer, null, default).Single();
            Assert.Null(outcome.Error);
            return File.ReadAllBytes(output);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
