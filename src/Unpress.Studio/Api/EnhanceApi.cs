using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>A job as the world sees it.</summary>
/// <param name="Progress">0..1.</param>
/// <param name="Error">Why there is no result; null when there is, or when it is not known yet.</param>
public sealed record JobView(
    string Id, string Name, string Model, ulong? Seed, JobState State, double Progress, double Seconds, string? Error, Finding? Finding)
{
    internal static JobView Of(StudioJob job) => new(
        job.Id, job.Upload.Name, job.Order.Model, job.Order.Seed, job.State, Math.Round(job.Progress, 3),
        Math.Round(job.Took.TotalSeconds, 3), job.Error, job.Finding);
}

/// <summary>What a result file will be, before it is fetched.</summary>
/// <param name="Note">What of the picture's file it does not have.</param>
/// <param name="Reproduced">Share of the JPEG's coefficients, 0..1, that come back when the result is compressed again.</param>
public sealed record ResultView(string Name, long Bytes, string Type, string? Note, double? Reproduced);

/// <summary>From a picture to a restored one.</summary>
internal static class EnhanceApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("Enhance");
        group.MapPost("/enhance", EnhanceAsync).WithName("enhance")
            .WithSummary("Restores a picture.")
            .WithDescription(
                "Send it as the body, or as a file of a form. A second file of the form, protect, is a mask of its size: where that is white the picture stays as"
                + " it was. The answer is the restored picture; with the header Prefer: respond-async it is a job, 202.")
            .Produces<JobView>(202).Produces<byte[]>(200, "image/png")
            .Produces<Problem>(400).Produces<Problem>(413).Produces<Problem>(422).Produces<Problem>(429);
        group.MapGet("/jobs/{id}", (string id, JobStore store) => TypedResults.Ok(JobView.Of(Find(store, id)))).WithName("job")
            .WithSummary("How far a job is.").Produces<Problem>(404);
        group.MapGet("/jobs/{id}/events", (string id, JobStore store, CancellationToken cancellation) =>
            TypedResults.ServerSentEvents(Events(Find(store, id), cancellation))).WithName("jobEvents")
            .WithSummary("The same as server-sent events, until the job has ended.");
        group.MapGet("/events", (string group, JobStore store, CancellationToken cancellation) =>
            TypedResults.ServerSentEvents(Events(store, group, cancellation))).WithName("groupEvents")
            .WithSummary("All jobs of a group as server-sent events, for as long as you listen.");
        group.MapDelete("/jobs/{id}", Results<NoContent, JsonHttpResult<Problem>> (string id, JobStore store) => store.Remove(id)
                ? TypedResults.NoContent()
                : TypedResults.Json(new Problem("there is no such job"), statusCode: 404)).WithName("removeJob")
            .WithSummary("Stops a job and removes its pictures.");
        group.MapPut("/jobs/{id}/protect", ProtectAsync).WithName("protect")
            .WithSummary("A mask of the picture's size, as a picture: where it is white, results keep the picture as it was.")
            .Produces<Problem>(404).Produces<Problem>(409).Produces<Problem>(422);
        group.MapDelete("/jobs/{id}/protect", async (string id, JobStore store, ResultFiles files, CancellationToken cancellation) =>
        {
            await files.ProtectAsync(Find(store, id), null, cancellation);
            return TypedResults.NoContent();
        }).WithName("unprotect").WithSummary("Takes that mask away.").Produces<Problem>(404);
        group.MapPost("/jobs/{id}/again", Again).WithName("again")
            .WithSummary("The same picture through another model, or with another seed: a new job.")
            .Produces<JobView>(202).Produces<Problem>(429);
        group.MapGet("/jobs/{id}/before", async (string id, JobStore store, ResultFiles files, CancellationToken cancellation) =>
            View(await files.ViewAsync(Find(store, id), null, cancellation))).WithName("before")
            .WithSummary("The picture as it was, as PNG.").Produces<byte[]>(200, "image/png");
        group.MapGet("/jobs/{id}/after", async (string id, JobStore store, ResultFiles files, double? strength, CancellationToken cancellation) =>
            View(await files.ViewAsync(Done(store, id), strength ?? 100, cancellation))).WithName("after")
            .WithSummary("The restored picture at full strength, or at another, as PNG for a page to show.").Produces<byte[]>(200, "image/png");
        group.MapGet("/jobs/{id}/result", ResultAsync).WithName("result")
            .WithSummary("The result as a file.").Produces<byte[]>(200, "image/png");
        group.MapGet("/jobs/{id}/result/about", async (string id, [AsParameters] SaveQuery save, JobStore store, ResultFiles files,
            CancellationToken cancellation) =>
        {
            var file = await files.SaveAsync(Done(store, id), save.Order(), cancellation);
            return TypedResults.Ok(new ResultView(file.Name, file.Bytes, file.Type, file.Note, file.Reproduced));
        }).WithName("aboutResult").WithSummary("What that file is: its size, and what it will not hold.");
    }

    /// <exception cref="StudioException">There is none.</exception>
    public static StudioJob Find(JobStore store, string id) => store.Find(id) ?? throw new StudioException(404, "there is no such job");

    private static StudioJob Done(JobStore store, string id)
    {
        var job = Find(store, id);
        return job.State == JobState.Done ? job : throw new StudioException(409, job.Error ?? $"the job is {job.State.ToString().ToLowerInvariant()}");
    }

    private static async Task<IResult> EnhanceAsync(
        HttpContext context, [AsParameters] ModelQuery model, [AsParameters] SaveQuery save,
        StudioOptions options, ModelShelf shelf, Uploads uploads, JobQueue queue, JobStore store, ResultFiles files)
    {
        var order = model.Order(options, shelf);
        var wanted = save.Order();
        var (picture, mask) = await uploads.ReceiveWithMaskAsync(context.Request);
        var job = new StudioJob(picture, order);
        job.Protect(mask);
        if (!queue.TryAdd(job))
            return Full(context, queue);
        if (context.Request.Headers["Prefer"].ToString().Contains("respond-async", StringComparison.OrdinalIgnoreCase))
            return TypedResults.Accepted($"/v1/jobs/{job.Id}", JobView.Of(job));
        // Whoever waits for the picture and goes takes the job along.
        context.Response.OnCompleted(() =>
        {
            store.Remove(job.Id);
            return Task.CompletedTask;
        });
        try
        {
            await job.EndAsync(context.RequestAborted);
            if (job.State != JobState.Done)
                throw new StudioException(job.State == JobState.Left ? 409 : 422, job.Error ?? "the job was cancelled");
            return Send(context, await files.SaveAsync(job, wanted, context.RequestAborted));
        }
        catch
        {
            store.Remove(job.Id);
            throw;
        }
    }

    private static async Task<NoContent> ProtectAsync(
        string id, HttpRequest request, JobStore store, ResultFiles files, Uploads uploads, CancellationToken cancellation)
    {
        var job = Done(store, id);
        var mask = await uploads.ReceiveAsync(request);
        try
        {
            await files.ProtectAsync(job, mask, cancellation);
        }
        catch
        {
            mask.Leave();
            throw;
        }

        return TypedResults.NoContent();
    }

    private static IResult Again(
        string id, HttpContext context, [AsParameters] ModelQuery model, StudioOptions options, ModelShelf shelf, JobQueue queue, JobStore store)
    {
        var job = new StudioJob(Find(store, id).Upload, model.Order(options, shelf));
        return queue.TryAdd(job) ? TypedResults.Accepted($"/v1/jobs/{job.Id}", JobView.Of(job)) : Full(context, queue);
    }

    private static async Task<IResult> ResultAsync(
        string id, HttpContext context, [AsParameters] SaveQuery save, JobStore store, ResultFiles files, CancellationToken cancellation)
        => Send(context, await files.SaveAsync(Done(store, id), save.Order(), cancellation));

    private static PhysicalFileHttpResult Send(HttpContext context, ResultFile file)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (file.Note is { } note)
            context.Response.Headers["X-Unpress-Note"] = Uri.EscapeDataString(note);
        return TypedResults.PhysicalFile(file.Path, file.Type, file.Name);
    }

    private static PhysicalFileHttpResult View(string path) => TypedResults.PhysicalFile(path, "image/png");

    private static JsonHttpResult<Problem> Full(HttpContext context, JobQueue queue)
    {
        context.Response.Headers.RetryAfter = queue.RetrySeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return TypedResults.Json(new Problem("the queue is full; try again in a moment"), statusCode: 429);
    }

    private static async IAsyncEnumerable<SseItem<JobView>> Events(StudioJob job, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            var changed = job.Changed;
            var view = JobView.Of(job);
            yield return new SseItem<JobView>(view, "job");
            if (view.State > JobState.Running)
                yield break;
            await changed.WaitAsync(cancellation);
        }
    }

    private static async IAsyncEnumerable<SseItem<JobView>> Events(JobStore store, string group, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var told = new Dictionary<string, JobView>(StringComparer.Ordinal);
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var view in store.Group(group).Select(JobView.Of).ToList())
            {
                if (told.TryGetValue(view.Id, out var before) && before == view)
                    continue;
                told[view.Id] = view;
                yield return new SseItem<JobView>(view, "job");
            }

            await Task.Delay(100, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
