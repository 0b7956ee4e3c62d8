using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Unpress.Imaging;

namespace Unpress.Cli.Tests;

/// <summary>What reaches a collector of OpenTelemetry, in its own protocol over HTTP.</summary>
public sealed class TelemetryTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-telemetry-");
    private readonly HttpListener _collector = new();
    private readonly ConcurrentQueue<(string Path, string Body)> _received = new();
    private readonly string _address;

    public TelemetryTests()
    {
        using (var free = new TcpListener(IPAddress.Loopback, 0))
        {
            free.Start();
            _address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
        }

        _collector.Prefixes.Add(_address);
        _collector.Start();
        _ = Task.Run(CollectAsync);
        ImageFile.Save(new ImageBuffer(32, 24, ColourModel.Rgb), At("secret name.png"));
    }

    public void Dispose()
    {
        _collector.Close();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_picture_tells_its_stages_and_its_outcome_but_not_its_name()
    {
        Assert.Equal(0, Enhance("UNPRESS_TELEMETRY=otlp").ExitCode);
        string spans = Told("/v1/traces"), measures = Told("/v1/metrics");
        foreach (string stage in (string[])["picture read", "picture enhance", "picture write"])
            Assert.Contains(stage, spans, StringComparison.Ordinal);
        foreach (string measure in (string[])["unpress.picture.stage.duration", "unpress.pictures", "restored"])
            Assert.Contains(measure, measures, StringComparison.Ordinal);
        Assert.DoesNotContain("secret name", spans + measures, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_flag_nothing_is_sent_and_another_one_is_refused()
    {
        Assert.Equal(0, Enhance("UNPRESS_TELEMETRY=none").ExitCode);
        Assert.Empty(_received);
        var refused = Enhance("UNPRESS_TELEMETRY=yes");
        Assert.NotEqual(0, refused.ExitCode);
        Assert.Contains("UNPRESS_TELEMETRY=yes: otlp sends", refused.Error, StringComparison.Ordinal);
    }

    private CommandLineResult Enhance(string flag)
        => ChildCommandLine.RunWith(
            [flag, $"OTEL_EXPORTER_OTLP_ENDPOINT={_address}", "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"],
            "enhance", At("secret name.png"), "-o", At($"{Path.GetRandomFileName()}.png"), "--model", "lite");

    private string Told(string path) => string.Concat(_received.Where(one => one.Path == path).Select(one => one.Body));

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private async Task CollectAsync()
    {
        try
        {
            while (true)
            {
                var context = await _collector.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                _received.Enqueue((context.Request.Url!.AbsolutePath, Encoding.Latin1.GetString(body.ToArray())));
                context.Response.Close();
            }
        }
        catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
        {
            // closed
        }
    }
}
