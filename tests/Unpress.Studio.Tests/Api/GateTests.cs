using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Tests.Api;

/// <summary>Who comes in, and what comes in with them.</summary>
public sealed class GateTests
{
    [Theory]
    [InlineData("evil.example", null, null, 403)]
    [InlineData("127.0.0.1.evil.example", null, null, 403)]
    [InlineData("localhost", "http://evil.example", null, 403)]
    [InlineData("localhost", "null", null, 403)]
    [InlineData("localhost", null, "cross-site", 403)]
    [InlineData("localhost", null, "same-origin", 200)]
    [InlineData("127.0.0.1", null, null, 200)]
    [InlineData("[::1]", null, null, 200)]
    public async Task Only_this_computers_own_page_and_programs_are_answered(string host, string? origin, string? site, int expected)
    {
        await using var studio = await RunningStudio.StartAsync();
        foreach (string path in (string[])["/", "/v1/models"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = $"{host}:{studio.Address.Port}";
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            if (site is not null)
                request.Headers.Add("Sec-Fetch-Site", site);
            using var answer = await studio.Client.SendAsync(request);
            Assert.Equal(expected, (int)answer.StatusCode);
        }
    }

    [Fact]
    public async Task The_pages_own_origin_may_ask()
    {
        await using var studio = await RunningStudio.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("Origin", studio.Address.GetLeftPart(UriPartial.Authority));
        using var answer = await studio.Client.SendAsync(request);
        Assert.Equal(200, (int)answer.StatusCode);
    }

    [Fact]
    public async Task A_token_is_needed_where_there_is_one()
    {
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = RunningStudio.Model, Address = IPAddress.Any, Token = "right" });
        using var client = new HttpClient(new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        { BaseAddress = new Uri($"http://127.0.0.1:{studio.Address.Port}/") };
        foreach (string path in (string[])["/", "/app.js", "/v1/models", "/metrics", "/openapi/v1.json", "/v1/models?token=right", "/?token=wrong"])
        {
            using var answer = await client.GetAsync(path);
            Assert.Equal((path, 401), (path, (int)answer.StatusCode));
        }

        foreach (var (name, value, expected) in new[]
        {
            ("Authorization", "Bearer wrong", 401), ("Authorization", "Bearer right", 200), ("Cookie", "unpress-token=wrong", 401), (
                "Cookie", "unpress-token=right", 200),
        })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
            request.Headers.Add(name, value);
            using var answer = await client.SendAsync(request);
            Assert.Equal((value, expected), (value, (int)answer.StatusCode));
        }

        // The address that is printed leads in: the token becomes a cookie and leaves the address.
        Assert.EndsWith("?token=right", studio.Address.ToString(), StringComparison.Ordinal);
        using var opened = await client.GetAsync("/?token=right");
        Assert.Equal((302, "/"), ((int)opened.StatusCode, opened.Headers.Location!.ToString()));
        Assert.Contains("httponly", opened.Headers.GetValues("Set-Cookie").Single(), StringComparison.OrdinalIgnoreCase);
        using var alive = await client.GetAsync("/health/live");
        Assert.Equal(200, (int)alive.StatusCode);
    }

    [Fact]
    public async Task Others_come_in_with_a_token_only()
        => await Assert.ThrowsAsync<ArgumentException>(() => StudioServer.StartAsync(new StudioOptions { Address = IPAddress.Any, Port = 0 }));

    [Theory]
    [InlineData("/")]
    [InlineData("/app.js")]
    [InlineData("/v1/models")]
    [InlineData("/nothing")]
    public async Task Every_answer_says_what_the_page_may_do(string path)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var answer = await studio.Client.GetAsync(path);
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("GET", "/v1/enhance", 405, "not by GET: POST")]
    [InlineData("HEAD", "/v1/models", 405, null)]
    [InlineData("GET", "/v1/zip", 400, "group: it is needed")]
    [InlineData("POST", "/v1/enhance?strenght=60", 400, "there is no parameter strenght; did you mean strength?")]
    [InlineData("GET", "/v1/models?x=1", 400, "there is no parameter x")]
    [InlineData("GET", "/v1/models?token=1", 200, null)]
    [InlineData("GET", "/nothing", 404, "there is nothing here")]
    [InlineData("HEAD", "/", 200, null)]
    [InlineData("HEAD", "/health/live", 200, null)]
    [InlineData("HEAD", "/nothing", 404, null)]
    public async Task What_is_asked_in_a_wrong_way_is_told_so(string method, string path, int status, string? line)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var answer = await studio.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(status, (int)answer.StatusCode);
        if (line is not null)
            Assert.Equal(line, await RunningStudio.ErrorOf(answer));
    }

    /// <summary>What is sent, the status and how the line begins.</summary>
    public static TheoryData<string, int, string> Attacks => new()
    {
        { "jpeg 64250x64250", 422, "64250x64250 pixels; the limit is 16384 a side" },
        { "png 1x500000000", 422, "cannot be read as PNG" },
        { "png 16384x16384", 422, "16384x16384 is 268.4 megapixels; the limit is 50" },
        { "png 0x100", 422, "" },
        { "avif 16x17000", 422, "16x17000 pixels; the limit is 16384 a side" },
        { "nothing", 400, "there is no picture in the request" },
        { "text", 422, "not a picture in a known format" },
        { "svg", 422, "not a picture in a known format" },
        { "gif", 422, "not a picture in a known format" },
        { "half a jpeg", 422, "damaged or cut off" },
        { "half a png", 422, "" },
        { "too large", 413, "the file is larger than the studio takes" },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task What_is_no_picture_costs_one_line(string attack, int status, string line)
    {
        var limits = new StudioLimits { UploadBytes = 1 << 20 };
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = RunningStudio.Model, Limits = limits });
        foreach (string path in (string[])["/v1/enhance", "/v1/inspect"])
        {
            using var answer = await studio.PostAsync(path, Bytes(attack));
            Assert.Equal((path, status), (path, (int)answer.StatusCode));
            string error = await RunningStudio.ErrorOf(answer);
            Assert.StartsWith(line, error, StringComparison.Ordinal);
            Assert.DoesNotContain(studio.Folder, error, StringComparison.Ordinal);
            Assert.DoesNotContain("--", error, StringComparison.Ordinal);
        }

        Assert.Empty(studio.Files);
        using var good = await studio.PostAsync("/v1/enhance", TestPictures.Png());
        Assert.Equal(200, (int)good.StatusCode);
    }

    [Theory]
    [InlineData("tiff", "Only the first of 20000 pages is taken.")]
    [InlineData("png", "Only the first of 2147483647 frames is taken.")]
    public async Task Of_many_frames_the_first_is_taken(string format, string words)
    {
        await using var studio = await RunningStudio.StartAsync();
        byte[] bytes = format == "tiff" ? TestPictures.TiffOfPages(20_000) : TestPictures.PngOfFrames(uint.MaxValue);
        using var answer = await studio.PostAsync("/v1/inspect", bytes);
        var finding = (await answer.Content.ReadFromJsonAsync<Finding>(RunningStudio.Json))!;
        Assert.Contains(words, finding.Words);
        using var restored = await studio.PostAsync("/v1/enhance", bytes);
        Assert.Equal(200, (int)restored.StatusCode);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: loca")]
    [InlineData("POST /v1/enhance HTTP/1.1\r\nHost: localhost:PORT\r\nContent-Length: 1000000\r\n\r\nx")]
    public async Task Who_stops_in_the_middle_is_shut_out_and_others_are_served(string begin)
    {
        await using var studio = await RunningStudio.StartAsync();
        using var slow = new TcpClient();
        await slow.ConnectAsync(IPAddress.Loopback, studio.Address.Port);
        await slow.GetStream().WriteAsync(Encoding.ASCII.GetBytes(begin.Replace("PORT", $"{studio.Address.Port}", StringComparison.Ordinal)));
        using var good = await studio.PostAsync("/v1/inspect", TestPictures.Png());
        Assert.Equal(200, (int)good.StatusCode);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        string answer = await new StreamReader(slow.GetStream()).ReadToEndAsync(patience.Token);
        Assert.StartsWith("HTTP/1.1 408", answer, StringComparison.Ordinal);
        Assert.Empty(studio.Files);
    }

    [Fact]
    public async Task Mutated_pictures_never_bring_it_down()
    {
        await using var studio = await RunningStudio.StartAsync();
        var random = new Random(5);
        byte[][] seeds = [TestPictures.Jpeg(width: 48, height: 40), TestPictures.Png(),
            ImageFile.Encode(TestPictures.Scene(40, 30), new SaveOptions { Format = ImageFormat.Webp })];
        int count = int.TryParse(Environment.GetEnvironmentVariable("UNPRESS_TEST_STUDIO_MUTATIONS"), out int more) ? more : 150;
        for (int run = 0; run < count; run++)
        {
            byte[] bytes = [.. seeds[run % seeds.Length]];
            for (int change = random.Next(1, 6); change > 0; change--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            using var answer = await studio.PostAsync("/v1/inspect", random.Next(4) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes);
            Assert.True((int)answer.StatusCode is 200 or 422, $"mutation {run}: {answer.StatusCode}");
        }

        Assert.Empty(studio.Files);
    }

    private static byte[] Bytes(string attack) => attack switch
    {
        "jpeg 64250x64250" => TestPictures.JpegClaiming(64250, 64250),
        "png 1x500000000" => TestPictures.PngClaiming(1, 500_000_000),
        "png 16384x16384" => TestPictures.PngClaiming(16384, 16384),
        "png 0x100" => TestPictures.PngClaiming(0, 100),
        "avif 16x17000" => TestPictures.AvifClaiming(16, 17_000),
        "text" => "hello"u8.ToArray(),
        "svg" => "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"u8.ToArray(),
        "gif" => "GIF89a"u8.ToArray(),
        "half a jpeg" => TestPictures.Jpeg()[..900],
        "half a png" => TestPictures.Png()[..200],
        "too large" => new byte[2 << 20],
        _ => [],
    };
}
