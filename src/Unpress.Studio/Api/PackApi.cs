using System.IO.Compression;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Unpress.Imaging;
using Unpress.Models;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>One round of enhancing again and again.</summary>
/// <param name="Picture">The part as PNG, in base64.</param>
public sealed record Round(string Model, int Number, string Picture);

/// <summary>Many results in one file, and one part of a picture many times.</summary>
internal static class PackApi
{
    /// <summary>Pixels a side of the part that goes round.</summary>
    private const int LargestPart = 512;

    private const int MostRounds = 100;

    private static readonly string[] Models = [ModelFinder.Default, "stable"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("Enhance");
        group.MapGet("/zip", ZipAsync).WithName("zip")
            .WithSummary("The results of a group in one ZIP file, packed while it is sent. What failed is told in failed.txt.")
            .Produces<byte[]>(200, "application/zip");
        group.MapGet("/jobs/{id}/cycles", (
            string id, int x, int y, int side, int count, JobStore store, JobQueue queue, ModelShelf shelf, IPictureFiles pictures,
                CancellationToken cancellation) =>
        {
            if (count is < 1 or > MostRounds || side is < 1 or > LargestPart)
                throw new StudioException(400, $"count: 1 to {MostRounds}; side: 1 to {LargestPart}");
            return TypedResults.ServerSentEvents(RoundsAsync(EnhanceApi.Find(store, id), (x, y, side), count, queue, shelf, pictures, cancellation));
        }).WithName("cycles").WithSummary("A part of the picture, enhanced again and again by the usual model and by the one that is stable: server-sent events.");
    }

    private static async Task ZipAsync(
        HttpContext context, string group, [AsParameters] SaveQuery save, JobStore store, ResultFiles files, CancellationToken cancellation)
    {
        var order = save.Order();
        var jobs = store.Group(group).Where(job => job.State == JobState.Done).ToList();
        if (jobs.Count == 0)
            throw new StudioException(404, "no picture of this group is done");
        context.Response.ContentType = "application/zip";
        context.Response.Headers.ContentDisposition = "attachment; filename=\"unpress.zip\"";
        context.Response.Headers.CacheControl = "no-store";
        // The archive writes the end of an entry without waiting.
        if (context.Features.Get<IHttpBodyControlFeature>() is { } body)
            body.AllowSynchronousIO = true;
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var failed = new StringBuilder();
        await using var zip = await ZipArchive.CreateAsync(context.Response.Body, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancellation);
        foreach (var job in jobs)
        {
            try
            {
                var file = await files.SaveAsync(job, order, cancellation);
                // Pictures are compressed already.
                var entry = zip.CreateEntry(Unused(file.Name, names), CompressionLevel.NoCompression);
                entry.LastWriteTime = File.GetLastWriteTime(file.Path);
                await using var target = await entry.OpenAsync(cancellation);
                await using var source = File.OpenRead(file.Path);
                await source.CopyToAsync(target, cancellation);
            }
            catch (StudioException error)
            {
                failed.AppendLine($"{job.Upload.Name}: {error.Message}");
            }
        }

        if (failed.Length > 0)
        {
            await using var target = await zip.CreateEntry(Unused("failed.txt", names)).OpenAsync(cancellation);
            await target.WriteAsync(Encoding.UTF8.GetBytes(failed.ToString()), cancellation);
        }
    }

    /// <summary>Two pictures of one name: the second becomes name-2.</summary>
    private static string Unused(string name, HashSet<string> names)
    {
        string free = name;
        for (int number = 2; !names.Add(free); number++)
            free = $"{Path.GetFileNameWithoutExtension(name)}-{number}{Path.GetExtension(name)}";
        return free;
    }

    private static async IAsyncEnumerable<SseItem<Round>> RoundsAsync(
        StudioJob job, (int X, int Y, int Side) part, int count, JobQueue queue, ModelShelf shelf, IPictureFiles pictures,
        [EnumeratorCancellation] CancellationToken cancellation)
    {
        var image = await Task.Run(() => PageView.Of(pictures.Load(job.Upload.Path, cancellation)), cancellation);
        var start = Crop(image, part.X, part.Y, part.Side);
        var now = Models.Where(shelf.Has).ToDictionary(model => model, _ => start, StringComparer.Ordinal);
        for (int round = 1; round <= count; round++)
        {
            foreach (string model in now.Keys.ToList())
            {
                // Between two rounds others have their turn.
                now[model] = await queue.ComputeAsync(() => shelf.Get(model).Enhance(now[model], cancellation), cancellation);
                yield return new SseItem<Round>(new Round(model, round, Convert.ToBase64String(ImageFile.Encode(now[model]))), "round");
            }
        }

        yield return new SseItem<Round>(new Round("", count, ""), "end");
    }

    /// <summary>As much of the part as is inside.</summary>
    private static ImageBuffer Crop(ImageBuffer image, int x, int y, int side)
    {
        int width = Math.Min(side, image.Width), height = Math.Min(side, image.Height);
        (x, y) = (Math.Clamp(x, 0, image.Width - width), Math.Clamp(y, 0, image.Height - height));
        var part = new ImageBuffer(width, height, image.Model, image.HasAlpha);
        for (int row = 0; row < height; row++)
        {
            image.Data.AsSpan((((y + row) * image.Width) + x) * image.Bands, width * image.Bands)
                .CopyTo(part.Data.AsSpan(row * width * image.Bands));
        }

        return part;
    }
}
