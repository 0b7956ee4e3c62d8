using System.Net;
using System.Net.Sockets;

namespace Unpress.Tests.Downloads;

/// <summary>A web server on this machine with one file, which can break off in the middle.</summary>
internal sealed class FileServer : IDisposable
{
    private readonly HttpListener _listener = new();

    public FileServer(byte[] content)
    {
        Content = content;
        Url = $"http://localhost:{FreePort()}/";
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = Task.Run(ServeAsync);
    }

    public string Url { get; }

    public byte[] Content { get; set; }

    public string? ETag { get; set; } = "\"first\"";

    /// <summary>How many bytes the next answer gives before the connection drops; null for all.</summary>
    public int? BreakAfter { get; set; }

    /// <summary>The Range header of each request, "" where there was none.</summary>
    public List<string> Ranges { get; } = [];

    public void Dispose() => _listener.Close();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The listener was closed, or the client has had enough.
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        string range = context.Request.Headers["Range"] ?? "";
        Ranges.Add(range);
        int start = 0;
        if (range.Length > 0 && context.Request.Headers["If-Range"] == ETag)
            start = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
        var response = context.Response;
        if (ETag is not null)
            response.AddHeader("ETag", ETag);
        if (start > 0)
        {
            response.StatusCode = 206;
            response.AddHeader("Content-Range", $"bytes {start}-{Content.Length - 1}/{Content.Length}");
        }

        response.ContentLength64 = Content.Length - start;
        int count = BreakAfter ?? (Content.Length - start);
        BreakAfter = null;
        response.OutputStream.Write(Content, start, count);
        if (start + count < Content.Length)
        {
            response.OutputStream.Flush();
            response.Abort();
        }
        else
        {
            response.Close();
        }
    }
}
