using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Unpress.Imaging;

namespace Unpress.Studio.Tests.Browser;

/// <summary>A server of files that knows nothing of the page that it serves.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FileServer(WebApplication app)
    {
        _app = app;
        string address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new Uri(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }

    public Uri Address { get; }

    public static async Task<FileServer> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".mjs"] = "text/javascript";
        types.Mappings[".onnx"] = "application/octet-stream";
        app.UseFileServer(new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(folder),
            StaticFileOptions = { ContentTypeProvider = types, ServeUnknownFileTypes = true },
        });
        await app.StartAsync();
        return new FileServer(app);
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Chooses a picture, saves the result as PNG, and compares it with the studio's.</summary>
    public static async Task RestoredAsTheServerDoesAsync(Visitor visitor, byte[] picture, float seconds = 300)
    {
        await visitor.ChooseAsync(Visitor.File("photo.jpg", picture));
        await visitor.Page.WaitForSelectorAsync(".stage.ready", new() { Timeout = 1000 * seconds });
        await visitor.Button("Save").ClickAsync();
        var (name, bytes) = await visitor.DownloadAsync(visitor.Page.Locator("dialog button[type=submit]"));
        Assert.Equal("photo.unpress.png", name);
        await using var studio = await RunningStudio.StartAsync();
        using var answer = await studio.PostAsync("/v1/enhance?model=lite", picture);
        byte[] expected = ImageFile.Load(await answer.Content.ReadAsByteArrayAsync(), "server").Data;
        var saved = ImageFile.Load(bytes, "page");
        Assert.Equal(expected.Length, saved.Width * saved.Height * 3);
        int apart = 0;
        for (int pixel = 0; pixel < saved.Width * saved.Height; pixel++)
        {
            for (int band = 0; band < 3; band++)
                apart = Math.Max(apart, Math.Abs(expected[(3 * pixel) + band] - saved.Sample(pixel % saved.Width, pixel / saved.Width, band)));
        }

        Assert.InRange(apart, 0, 1);
    }
}
