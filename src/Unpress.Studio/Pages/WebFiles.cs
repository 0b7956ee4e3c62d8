using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Unpress.Studio.Pages;

/// <summary>One file of the page.</summary>
/// <param name="Path">As in an address, without the first slash.</param>
/// <param name="Zipped">The same, compressed with gzip; null where that would gain nothing.</param>
internal sealed record WebFile(string Path, string Type, byte[] Bytes, byte[]? Zipped, string Tag);

/// <summary>The built page, which travels in the assembly.</summary>
internal static class WebFiles
{
    private const string Folder = "wwwroot/";

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".json"] = "application/json",
        [".webmanifest"] = "application/manifest+json",
        [".svg"] = "image/svg+xml",
        [".webp"] = "image/webp",
        [".png"] = "image/png",
        [".jpg"] = "image/jpeg",
    };

    private static readonly Lazy<IReadOnlyList<WebFile>> Files = new(Load);

    public static IReadOnlyList<WebFile> All => Files.Value;

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var file in All)
            routes.MapGet(file.Path switch { "index.html" => "/", "docs.html" => "/docs", "lab.html" => "/lab", _ => "/" + file.Path },
                context => SendAsync(context, file)).ExcludeFromDescription();
    }

    private static async Task SendAsync(HttpContext context, WebFile file)
    {
        var (request, response) = (context.Request, context.Response);
        response.Headers.ETag = file.Tag;
        response.Headers.CacheControl = "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        if (request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = 304;
            return;
        }

        bool zipped = file.Zipped is not null && request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        if (zipped)
            response.Headers.ContentEncoding = "gzip";
        byte[] bytes = zipped ? file.Zipped! : file.Bytes;
        response.ContentType = file.Type;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    private static List<WebFile> Load()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return [.. assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)).Select(name =>
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            string type = Types.GetValueOrDefault(Path.GetExtension(name), "application/octet-stream");
            byte[]? zipped = type.StartsWith("image/", StringComparison.Ordinal) && !name.EndsWith(".svg", StringComparison.Ordinal) ? null : Zip(bytes);
            return new WebFile(name[Folder.Length..], type, bytes, zipped, $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}\"");
        })];
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var zip = new GZipStream(memory, CompressionLevel.SmallestSize))
            zip.Write(bytes);
        return memory.ToArray();
    }
}
