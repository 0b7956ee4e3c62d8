using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>Pictures in requests: the body itself, or the first file of a form.</summary>
internal sealed class Uploads(StudioFolder folder, StudioOptions options)
{
    /// <exception cref="StudioException">There is no picture in the request, or it is too large.</exception>
    public async Task<Upload> ReceiveAsync(HttpRequest request)
    {
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            return (await PartsAsync(request, type, 1))[0];
        string? name = Uri.UnescapeDataString(request.Headers["X-File-Name"].ToString());
        return await ReceiveAsync(request.Body, name, request);
    }

    /// <summary>The files of a form, in their order.</summary>
    public Task<IReadOnlyList<Upload>> ReceiveAsync(HttpRequest request, int count)
        => MediaTypeHeaderValue.TryParse(request.ContentType, out var type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
            ? PartsAsync(request, type, count)
            : throw new StudioException(400, $"send a form (multipart/form-data) with {count} files");

    private async Task<IReadOnlyList<Upload>> PartsAsync(HttpRequest request, MediaTypeHeaderValue type, int count)
    {
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 100 } text
            ? text
            : throw new StudioException(400, "the form has no boundary");
        var reader = new MultipartReader(boundary, request.Body);
        var uploads = new List<Upload>();
        try
        {
            while (uploads.Count < count && await reader.ReadNextSectionAsync(request.HttpContext.RequestAborted) is { } section)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part) && part.IsFileDisposition())
                    uploads.Add(await ReceiveAsync(section.Body, part.FileNameStar.Value ?? part.FileName.Value, request));
            }

            return uploads.Count == count
                ? uploads
                : throw new StudioException(400, count == 1 ? "there is no file in the form" : $"there are not {count} files in the form");
        }
        catch (Exception error)
        {
            foreach (var upload in uploads)
                upload.Leave();
            throw error is InvalidDataException or IOException && error is not BadHttpRequestException
                ? new StudioException(400, "the form is damaged or cut off")
                : error;
        }
    }

    private async Task<Upload> ReceiveAsync(Stream body, string? name, HttpRequest request)
    {
        var upload = await Upload.ReceiveAsync(folder, body, name, Modified(request), request.HttpContext.RequestAborted);
        if (new FileInfo(upload.Path).Length > 0)
            return upload;
        upload.Leave();
        throw new StudioException(
            400, $"there is no picture in the request: send one of at most {options.Limits.UploadBytes >> 20} MB as the body or in a form");
    }

    private static DateTimeOffset? Modified(HttpRequest request)
        => long.TryParse(request.Headers["X-File-Modified"], out long milliseconds) && milliseconds is > 0 and < 4_102_444_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
}
