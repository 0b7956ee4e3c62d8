using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Unpress.Imaging;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>What went wrong, for programs as for people: one line.</summary>
/// <param name="Error">The line.</param>
public sealed record Problem(string Error);

/// <summary>Failures as answers.</summary>
internal sealed partial class Problems(ILogger<Problems> log) : IExceptionHandler
{
    public static Task WriteAsync(HttpContext context, int status, string error)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new Problem(error));
    }

    /// <summary>The line for an answer that has none: no such address, or not by this method.</summary>
    public static Task WriteStatusAsync(HttpContext context) => context.Response.StatusCode switch
    {
        404 => WriteAsync(context, 404, "there is nothing here"),
        405 => WriteAsync(context, 405, $"not by {context.Request.Method}: {context.Response.Headers.Allow}"),
        var status => WriteAsync(context, status, $"the studio answers {status}"),
    };

    /// <summary>The head of a page is that of GET; the server leaves its body out. The interface has none: an answer of it may go on for long.</summary>
    public static Task HeadAsGet(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method) && !context.Request.Path.StartsWithSegments("/v1", StringComparison.OrdinalIgnoreCase))
            context.Request.Method = HttpMethods.Get;
        return next(context);
    }

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true; // nobody listens any more
        var (status, text) = exception switch
        {
            StudioException known => (known.Status, known.Message),
            BadHttpRequestException { StatusCode: 413 } => (413, "the file is larger than the studio takes"),
            BadHttpRequestException bad => (bad.StatusCode, InWords(bad.Message)),
            InvalidFileException invalid => (422, Failure.Clean(invalid.Reason)),
            _ when Failure.Reason(exception) is { } reason => (500, reason),
            _ => (500, "something went wrong here that should not; the log says what"),
        };
        if (status >= 500)
            LogDefect(exception, httpContext.Request.Path);
        if (!httpContext.Response.HasStarted)
            await WriteAsync(httpContext, status, text);
        return true;
    }

    /// <summary>What the framework says of a parameter, in the words of the address.</summary>
    private static string InWords(string message)
    {
        if (Unread().Match(message) is { Success: true } unread)
            return $"{NameOf(unread)}: cannot be read: {Failure.Clean(unread.Groups["value"].Value)}";
        return Missing().Match(message) is { Success: true } missing ? $"{NameOf(missing)}: it is needed" : message;
    }

    private static string NameOf(Match match) => match.Groups["name"].Value.ToLowerInvariant();

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.Singleline)]
    private static partial Regex Unread();

    [GeneratedRegex("""^Required parameter "\S+ (?<name>\w+)" was not provided""")]
    private static partial Regex Missing();

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} met a defect")]
    private partial void LogDefect(Exception error, PathString path);
}
