using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Unpress.Studio.Api;

/// <summary>
/// Who may come in. On a loopback address: whoever calls it by a loopback name, so that a page of the web cannot reach it by a name that it
/// makes point here. Elsewhere: who knows the token. Pages of other origins may not even ask.
/// </summary>
internal sealed class Gate(RequestDelegate next, StudioOptions options)
{
    private const string Cookie = "unpress-token";

    private static readonly HashSet<string> LoopbackNames = new(StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };

    private readonly bool _loopback = IPAddress.IsLoopback(options.Address);

    public async Task InvokeAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        SetHeaders(response.Headers, request.Path);
        if (_loopback && !LoopbackNames.Contains(request.Host.Host))
        {
            await Problems.WriteAsync(context, 403, $"this studio is for this computer alone: open http://localhost:{request.Host.Port ?? options.Port}/");
            return;
        }

        if (IsForeign(request))
        {
            await Problems.WriteAsync(context, 403, "another page's request: the studio answers only its own page and programs");
            return;
        }

        if (request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
        {
            await next(context);
            return;
        }

        if (request.Query.TryGetValue("token", out var shown) && HttpMethods.IsGet(request.Method)
            && !request.Path.StartsWithSegments("/v1", StringComparison.Ordinal))
        {
            if (IsToken(shown))
            {
                response.Cookies.Append(Cookie, shown!, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = request.IsHttps });
                response.Redirect(request.Path);
                return;
            }
        }

        if (options.Token is not null && !IsToken(Bearer(request)) && !IsToken(request.Cookies[Cookie]))
        {
            response.Headers.WWWAuthenticate = "Bearer";
            await Problems.WriteAsync(context, 401, "a token is needed: the studio printed an address with it when it started");
            return;
        }

        await next(context);
    }

    private static void SetHeaders(IHeaderDictionary headers, PathString path)
    {
        headers.ContentSecurityPolicy = PolicyOf(path);
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static string PolicyOf(PathString path)
        // The page that tries the API brings styles and workers that it makes itself.
        => path.StartsWithSegments("/docs", StringComparison.Ordinal)
            ? "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
            // A report has its script and style written into it. It may ask nobody for anything, and belongs to no origin, not to ours either.
            : path.StartsWithSegments("/v1/lab/report", StringComparison.Ordinal)
            ? "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"
            : "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static bool IsForeign(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        if (!string.IsNullOrEmpty(origin))
            return !string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
        // Browsers say it of every request; a person who follows a link to the page is welcome.
        return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site" && request.Headers["Sec-Fetch-Mode"].ToString() != "navigate";
    }

    private static string? Bearer(HttpRequest request)
        => request.Headers.Authorization.ToString() is { } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header[7..].Trim()
            : null;

    private bool IsToken(string? shown)
        => options.Token is { } token && shown is not null
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(token)), SHA256.HashData(Encoding.UTF8.GetBytes(shown)));
}
