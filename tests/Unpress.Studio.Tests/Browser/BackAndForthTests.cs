using System.IO.Compression;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Unpress.Studio.Tests.Browser;

/// <summary>Going from picture to picture, by the page's ways and by the browser's.</summary>
public sealed class BackAndForthTests
{
    [ChromiumFact]
    public async Task What_was_chosen_for_a_picture_is_there_when_somebody_comes_back_to_it()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        await visitor.ChooseAsync(Visitor.File("1.jpg", TestPictures.Jpeg()), Visitor.File("2.jpg", TestPictures.Jpeg()));
        await Expect(page.Locator(".count")).ToHaveTextAsync("2/2", new LocatorAssertionsToHaveTextOptions { Timeout = 120_000 });
        await page.Locator(".card").First.ClickAsync();
        await visitor.ReadyAsync();

        // Another kind: one picture has one result all the same.
        await page.Locator("[data-model=drawings]").ClickAsync();
        await Expect(page.Locator("[data-model=drawings]")).ToHaveAttributeAsync("aria-checked", "true");
        await visitor.ReadyAsync();
        await page.Locator("#strength").FillAsync("40");
        await visitor.Button("Protect").ClickAsync();
        var sent = page.WaitForResponseAsync(answer => answer.Url.EndsWith("/protect", StringComparison.Ordinal));
        var stage = (await page.Locator(".stage").BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(stage.X + (stage.Width / 2), stage.Y + (stage.Height / 2));
        await visitor.Button("Done").ClickAsync();
        await sent;

        // The browser's way back, and forth again.
        await page.GoBackAsync();
        await Expect(page.Locator(".card")).ToHaveCountAsync(2);
        await page.GoForwardAsync();
        await visitor.ReadyAsync();
        await Expect(page.Locator("#strength")).ToHaveValueAsync("40");
        Assert.True(await page.Locator("canvas.kept").IsVisibleAsync());

        await visitor.Button("Back").ClickAsync();
        await visitor.Button("Save all as ZIP").ClickAsync();
        var (_, bytes) = await visitor.DownloadAsync(page.Locator("dialog button[type=submit]"));
        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(["1.unpress.png", "2.unpress.png"], zip.Entries.Select(entry => entry.Name).Order());

        await page.GoBackAsync();
        await Expect(page.Locator(".landing")).ToBeVisibleAsync();
        for (int waited = 0; studio.Files.Length > 0 && waited < 500; waited++)
            await Task.Delay(20);
        Assert.Empty(studio.Files);
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact]
    public async Task Who_loads_the_page_again_does_not_wait_for_what_was_not_done()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        using var hold = studio.Hold();
        await visitor.ChooseAsync(Visitor.File("1.jpg", TestPictures.Jpeg()), Visitor.File("2.jpg", TestPictures.Jpeg()));
        await Expect(visitor.Page.Locator(".card[data-state=queued]")).ToHaveCountAsync(2);
        await visitor.Page.ReloadAsync();
        for (int waited = 0; studio.Files.Length > 0 && waited < 500; waited++)
            await Task.Delay(20);
        Assert.Empty(studio.Files);
    }

    [ChromiumFact]
    public async Task Who_waits_for_a_studio_that_has_ended_is_told_so()
    {
        var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        using (studio.Hold())
        {
            await visitor.ChooseAsync(Visitor.File("1.jpg", TestPictures.Jpeg()));
            await Expect(visitor.Page.Locator(".status")).ToContainTextAsync("Waiting for its turn");
            await studio.DisposeAsync();
        }

        await Expect(visitor.Page.Locator(".failure")).ToContainTextAsync("is it still running?");
    }
}
