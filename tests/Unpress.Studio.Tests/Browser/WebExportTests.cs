using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Unpress.Imaging;
using Unpress.Studio.Pages;

namespace Unpress.Studio.Tests.Browser;

/// <summary>The page that needs no server but one for files.</summary>
public sealed class WebExportTests : IDisposable
{
    private readonly string _folder = Path.Combine(Directory.CreateTempSubdirectory("studio-page-").FullName, "page");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_folder)!, recursive: true);

    [Fact]
    public async Task A_wrong_package_is_refused_and_nothing_is_written()
    {
        string file = Path.Combine(Path.GetDirectoryName(_folder)!, "wrong.tgz");
        await File.WriteAllTextAsync(file, "no package");
        await Assert.ThrowsAsync<InvalidFileException>(() => WebExport.RunAsync(new WebExportOptions { Folder = _folder, Runtime = file }));
        Assert.False(Directory.Exists(_folder));
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_left_as_it_is()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "mine"), "");
        await Assert.ThrowsAsync<ArgumentException>(() => WebExport.RunAsync(new WebExportOptions { Folder = _folder }));
    }

    [ChromiumFact(runtime: true)]
    public async Task It_restores_alone_offline_and_as_the_server_does()
    {
        await WebExport.RunAsync(new WebExportOptions { Folder = _folder, Runtime = ChromiumFactAttribute.Runtime });
        await using var files = await ServeAsync(_folder);
        string address = files.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await using var visitor = await Visitor.ComeAsync(new Uri(address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)));
        // The first visit ends when the page is kept and has been loaded from there.
        await visitor.Page.WaitForFunctionAsync("() => crossOriginIsolated && navigator.serviceWorker.controller !== null", null, new() { Timeout = 60_000 });
        await visitor.Page.WaitForSelectorAsync(".landing");
        Assert.Empty(await visitor.SeriousAsync());

        await files.StopAsync();
        await visitor.Context.SetOfflineAsync(true);
        await visitor.Page.ReloadAsync();
        foreach (int quality in (int[])[20, 94])
        {
            byte[] picture = TestPictures.Jpeg(quality);
            await visitor.ChooseAsync(Visitor.File("photo.jpg", picture));
            await visitor.ReadyAsync();
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
            await visitor.Button("Back").ClickAsync();
        }

        Assert.Empty(visitor.Complaints);
        Assert.All(visitor.Asked, asked => Assert.True(asked.StartsWith("http://localhost:", StringComparison.Ordinal)
            || asked.StartsWith("blob:", StringComparison.Ordinal), asked));
    }

    private static async Task<WebApplication> ServeAsync(string folder)
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
        return app;
    }
}
