using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Unpress.Imaging;
using Unpress.Imaging.Workers;
using Unpress.Studio.Api;
using Unpress.Studio.Jobs;
using Unpress.Studio.Lab;
using Unpress.Studio.Pages;

namespace Unpress.Studio;

/// <summary>The studio as a server: the page, and the interface for programs that the page itself uses.</summary>
public sealed class StudioServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly StudioOptions _options;

    private StudioServer(WebApplication app, StudioOptions options) => (_app, _options) = (app, options);

    /// <summary>The address to open, with the token where one is needed.</summary>
    public Uri Address
    {
        get
        {
            string bound = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            var port = new Uri(bound).Port;
            string host = IPAddress.IsLoopback(_options.Address) ? "localhost"
                : _options.Address.Equals(IPAddress.Any) || _options.Address.Equals(IPAddress.IPv6Any) ? Dns.GetHostName()
                : _options.Address.ToString();
            return new UriBuilder("http", host, port) { Query = _options.Token is { } token ? "token=" + Uri.EscapeDataString(token) : "" }.Uri;
        }
    }

    /// <summary>For tests, which hold the queue.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Listens from now on.</summary>
    /// <exception cref="ArgumentException">The options contradict each other.</exception>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<StudioServer> StartAsync(StudioOptions options, CancellationToken cancellation = default)
    {
        options.Validate();
        var server = new StudioServer(Build(options), options);
        try
        {
            await server._app.StartAsync(cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Running jobs are cancelled; downloads may finish for a moment.</summary>
    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(StudioOptions options)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var limits = options.Limits;
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port);
            kestrel.Limits.MaxRequestBodySize = limits.UploadBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.Connections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            // Who sends a header or a body drop by drop is shut out (slow loris).
            kestrel.Limits.MinRequestBodyDataRate = new(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(5));
        });
        AddLog(builder.Logging);
        var services = builder.Services;
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));
        services.ConfigureHttpJsonOptions(json => Configure(json.SerializerOptions));
        services.AddSingleton(options).AddSingleton<StudioFolder>()
            .AddSingleton(PicturesOf(options)).AddSingleton<ModelShelf>().AddSingleton<LabShelf>().AddSingleton<JobStore>().AddSingleton<ResultFiles>()
            .AddSingleton<Uploads>().AddSingleton<JobQueue>().AddHostedService(given => given.GetRequiredService<JobQueue>());
        // What cannot be read of a request is said in one line, as everything else.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddExceptionHandler<Problems>();
        services.AddProblemDetails();
        OperatorApi.AddDescription(services);
        var app = builder.Build();
        app.UseExceptionHandler();
        app.UseStatusCodePages(context => Problems.WriteStatusAsync(context.HttpContext));
        app.UseMiddleware<Gate>();
        app.Use(Problems.HeadAsGet);
        app.UseRouting();
        app.Use(KnownQuery.Check);
        EnhanceApi.Map(app);
        PackApi.Map(app);
        InspectApi.Map(app);
        LabApi.Map(app);
        OperatorApi.Map(app);
        WebFiles.Map(app);
        return app;
    }

    /// <summary>
    /// In processes of their own, with limits on memory and time, where this program can be such a process; a file that crashes its decoder
    /// then costs its job.
    /// </summary>
    private static IPictureFiles PicturesOf(StudioOptions options)
    {
        var limits = options.Limits;
        if (WorkerOptions.OwnCommand is not { } command)
            return new DirectFiles(limits.Picture);
        var workers = new PictureWorkers(new WorkerOptions
        {
            Command = command,
            Count = limits.Decoders,
            Memory = limits.DecoderMemory,
            TimeLimit = limits.DecoderTime,
            Limits = limits.Picture,
        });
        workers.Start();
        return workers;
    }

    /// <summary>One JSON object a line on standard error, warnings only unless asked otherwise by the environment.</summary>
    private static void AddLog(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(console => console.JsonWriterOptions = new JsonWriterOptions { Indented = false });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        string level = Environment.GetEnvironmentVariable("UNPRESS_LOG") ?? "";
        bool asked = Enum.TryParse<LogLevel>(level, ignoreCase: true, out var wanted);
        // What the host says of its own end is said by the command in one line.
        logging.AddFilter("Microsoft", asked ? LogLevel.Warning : LogLevel.None);
        logging.SetMinimumLevel(asked ? wanted : LogLevel.Error);
    }

    private static void Configure(JsonSerializerOptions json)
    {
        json.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        json.NumberHandling = JsonNumberHandling.Strict;
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
    }
}
