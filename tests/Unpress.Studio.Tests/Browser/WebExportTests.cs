using Unpress.Imaging;
using Unpress.Studio.Pages;
using static Microsoft.Playwright.Assertions;

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
        await using var files = await FileServer.StartAsync(_folder);
        await using var visitor = await Visitor.ComeAsync(files.Address);
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
            await FileServer.RestoredAsTheServerDoesAsync(visitor, picture);
            await Expect(visitor.Page.Locator("html")).ToHaveAttributeAsync("data-compute", "wasm");
            await visitor.Button("Back").ClickAsync();
        }

        Assert.Empty(visitor.Complaints);
        Assert.All(visitor.Asked, asked => Assert.True(asked.StartsWith("http://localhost:", StringComparison.Ordinal)
            || asked.StartsWith("blob:", StringComparison.Ordinal), asked));
    }
}
