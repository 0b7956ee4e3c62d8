using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Unpress.Studio.Api;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Tests;

/// <summary>A studio on a free port, and who asks it.</summary>
internal sealed class RunningStudio : IAsyncDisposable
{
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>The model of most tests.</summary>
    public const string Model = "lite";

    private readonly StudioServer _server;

    private RunningStudio(StudioServer server)
    {
        _server = server;
        Client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(server.Address, "/") };
    }

    public HttpClient Client { get; }

    public Uri Address => _server.Address;

    public JobQueue Queue => _server.Services.GetRequiredService<JobQueue>();

    public JobStore Store => _server.Services.GetRequiredService<JobStore>();

    /// <summary>Where its temporary files are.</summary>
    public string Folder => _server.Services.GetRequiredService<StudioFolder>().Location;

    public string[] Files => Directory.GetFiles(Folder);

    /// <param name="options">Without it, the studio takes the quick <see cref="Model"/>, since every test waits for a result.</param>
    public static async Task<RunningStudio> StartAsync(StudioOptions? options = null)
        => new(await StudioServer.StartAsync((options ?? new StudioOptions { Model = Model }) with { Port = 0, Threads = 2 }));

    public Task<HttpResponseMessage> PostAsync(string path, byte[] picture, bool wait = true, string? name = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(picture) };
        if (!wait)
            request.Headers.Add("Prefer", "respond-async");
        if (name is not null)
            request.Headers.Add("X-File-Name", Uri.EscapeDataString(name));
        return Client.SendAsync(request);
    }

    public async Task<JobView> StartJobAsync(byte[] picture, string query = "", string? name = null)
    {
        using var answer = await PostAsync("/v1/enhance?" + query, picture, wait: false, name);
        Assert.Equal(202, (int)answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JobView>(Json))!;
    }

    /// <summary>Listens to the job's events until they end.</summary>
    public async Task<JobView> EndOfAsync(string id)
    {
        string events = await Client.GetStringAsync($"/v1/jobs/{id}/events");
        string last = events.Split('\n').Last(line => line.StartsWith("data: ", StringComparison.Ordinal));
        return JsonSerializer.Deserialize<JobView>(last["data: ".Length..], Json)!;
    }

    /// <summary>Lets no model run until the result is disposed.</summary>
    public IDisposable Hold()
    {
        var hold = new Held();
        _ = Queue.ComputeAsync(() =>
        {
            hold.Begun.Set();
            hold.Over.Wait();
            return true;
        }, CancellationToken.None);
        hold.Begun.Wait();
        return hold;
    }

    public static async Task<string> ErrorOf(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<Problem>(Json))!.Error;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.DisposeAsync();
    }

    private sealed class Held : IDisposable
    {
        public ManualResetEventSlim Begun { get; } = new();

        public ManualResetEventSlim Over { get; } = new();

        public void Dispose() => Over.Set();
    }
}
