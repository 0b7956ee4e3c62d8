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

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
            return true; // nobody listens any more
        var (status, text) = exception switch
        {
            StudioException known => (known.Status, known.Message),
            BadHttpRequestException { StatusCode: 413 } => (413, "the file is larger than the studio takes"),
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
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

    [LoggerMessage(Level = LogLevel.Error, Message = "{Path} met a defect")]
    private partial void LogDefect(Exception error, PathString path);
}
