using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Unpress.Imaging;
using Unpress.Metrics;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>The difference between a picture and its original.</summary>
/// <param name="Psnr">dB over R, G and B; null for pictures that are the same.</param>
/// <param name="Ssim">0..1.</param>
public sealed record Measurement(double? Psnr, double Ssim);

/// <summary>What is known of pictures and models, without restoring anything.</summary>
internal static class InspectApi
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1").WithTags("Look");
        group.MapGet("/models", (ModelShelf shelf) => TypedResults.Ok(shelf.All)).WithName("models").WithSummary("The models that are here.");
        group.MapPost("/inspect", InspectAsync).WithName("inspect")
            .WithSummary("What a picture file says of itself, as numbers and in words.").Produces<Problem>(422);
        group.MapPost("/measure", MeasureAsync).WithName("measure")
            .WithSummary("PSNR and SSIM of two pictures of one size: a form with the original first.").Produces<Problem>(422);
    }

    private static async Task<Ok<Finding>> InspectAsync(HttpRequest request, Uploads uploads, IPictureFiles pictures)
    {
        var upload = await uploads.ReceiveAsync(request);
        try
        {
            return TypedResults.Ok(await Task.Run(() => Finding.Of(pictures.Load(upload.Path, request.HttpContext.RequestAborted)),
                request.HttpContext.RequestAborted));
        }
        finally
        {
            upload.Leave();
        }
    }

    private static async Task<Ok<Measurement>> MeasureAsync(HttpRequest request, Uploads uploads, IPictureFiles pictures)
    {
        var two = await uploads.ReceiveAsync(request, 2);
        try
        {
            return TypedResults.Ok(await Task.Run(() =>
            {
                var (original, other) = (pictures.Load(two[0].Path), pictures.Load(two[1].Path));
                double psnr = new Psnr().Measure(original, other);
                return new Measurement(double.IsFinite(psnr) ? psnr : null, Math.Min(1, new Ssim().Measure(original, other)));
            }, request.HttpContext.RequestAborted));
        }
        catch (IncomparableException error)
        {
            throw new StudioException(422, error.Message);
        }
        finally
        {
            foreach (var upload in two)
                upload.Leave();
        }
    }
}
