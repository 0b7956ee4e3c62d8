using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>Pictures in requests: the body itself, or the first file of a form.</summary>
internal sealed class Uploads(StudioFolder folder, StudioOptions options)
{
    /// <summary>The form's field with a mask.</summary>
    public const string Mask = "protect";

    /// <exception cref="StudioException">There is no picture in the request, or it is too large.</exception>
    public async Task<Upload> ReceiveAsync(HttpRequest request)
    {
        if (IsForm(request, out var type))
            return (await PartsAsync(request, type, 1, 1))[0].File;
        string? name = Uri.UnescapeDataString(request.Headers["X-File-Name"].ToString());
        return await ReceiveAsync(request.Body, name, request);
    }

    /// <summary>The picture, and the file "protect" of the form where there is one.</summary>
    /// <exception cref="StudioException">There is no picture in the request, or it is too large.</exception>
    public async Task<(Upload Picture, Upload? Mask)> ReceiveWithMaskAsync(HttpRequest request)
    {
        if (!IsForm(request, out var type))
            return (await ReceiveAsync(request), null);
        var parts = await PartsAsync(request, type, 1, 2);
        var mask = parts.FirstOrDefault(part => part.Field == Mask).File;
        if (parts.Where(part => part.File != mask).Select(part => part.File).FirstOrDefault() is { } picture)
        {
            foreach (var (_, other) in parts.Where(part => part.File != mask && part.File != picture))
                other.Leave();
            return (picture, mask);
        }

        mask?.Leave();
        throw new StudioException(400, "there is a mask in the form, but no picture");
    }

    /// <summary>The files of a form, in their order.</summary>
    public async Task<IReadOnlyList<Upload>> ReceiveAsync(HttpRequest request, int count)
        => IsForm(request, out var type)
            ? [.. (await PartsAsync(request, type, count, count)).Select(part => part.File)]
            : throw new StudioException(400, $"send a form (multipart/form-data) with {count} files");

    private static bool IsForm(HttpRequest request, [NotNullWhen(true)] out MediaTypeHeaderValue? type)
        => MediaTypeHeaderValue.TryParse(request.ContentType, out type) && type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    private async Task<List<(string Field, Upload File)>> PartsAsync(HttpRequest request, MediaTypeHeaderValue type, int least, int most)
    {
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value is { Length: > 0 and <= 100 } text
            ? text
            : throw new StudioException(400, "the form has no boundary");
        var reader = new MultipartReader(boundary, request.Body);
        var uploads = new List<(string Field, Upload File)>();
        try
        {
            while (uploads.Count < most && await reader.ReadNextSectionAsync(request.HttpContext.RequestAborted) is { } section)
            {
                if (ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var part) && part.IsFileDisposition())
                {
                    string field = HeaderUtilities.RemoveQuotes(part.Name).Value ?? "";
                    uploads.Add((field, await ReceiveAsync(section.Body, part.FileNameStar.Value ?? part.FileName.Value, request)));
                }
            }

            return uploads.Count >= least
                ? uploads
                : throw new StudioException(400, least == 1 ? "there is no file in the form" : $"there are not {least} files in the form");
        }
        catch (Exception error)
        {
            foreach (var (_, file) in uploads)
                file.Leave();
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
