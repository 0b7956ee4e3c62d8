using Microsoft.Playwright;
using Unpress.Imaging;
using static Microsoft.Playwright.Assertions;

namespace Unpress.Studio.Tests.Browser;

/// <summary>The page as people use it, in Chromium.</summary>
public sealed class PageTests
{
    [ChromiumFact]
    public async Task A_picture_is_dropped_looked_at_and_saved_as_it_was_seen()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        Assert.Empty(await visitor.SeriousAsync());

        await DropAsync(page, "photo.jpg", TestPictures.Jpeg());
        await visitor.ReadyAsync();
        await Expect(page.Locator(".found")).ToContainTextAsync("saved at quality 20: heavy damage");
        await Expect(page.Locator("#strength")).ToHaveValueAsync("100");
        Assert.Empty(await visitor.SeriousAsync());

        // The line moves with the mouse.
        var stage = (await page.Locator(".stage").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(stage.X + (stage.Width / 2), stage.Y + (stage.Height / 2));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(stage.X + (stage.Width / 4), stage.Y + (stage.Height / 2), new MouseMoveOptions { Steps = 4 });
        await page.Mouse.UpAsync();
        Assert.Equal("25%", await page.Locator(".stage").EvaluateAsync<string>("stage => stage.style.getPropertyValue('--split')"));

        // Both pictures lie the same way at every zoom.
        await page.Mouse.WheelAsync(0, -700);
        string[] transforms = await page.Locator(".stage img").EvaluateAllAsync<string[]>("images => images.map(image => image.style.transform)");
        Assert.Equal(2, transforms.Length);
        Assert.Equal(transforms[0], transforms[1]);
        Assert.Contains("scale", transforms[0], StringComparison.Ordinal);

        await page.Locator("#strength").FillAsync("60");
        Assert.Equal("0.6", await page.Locator(".cut img").EvaluateAsync<string>("image => image.style.opacity"));
        await visitor.Button("Save").ClickAsync();
        await Expect(page.Locator("dialog .facts")).ToContainTextAsync("photo.unpress.png, ");
        Assert.Empty(await visitor.SeriousAsync());
        var (name, bytes) = await visitor.DownloadAsync(page.Locator("dialog button[type=submit]"));
        Assert.Equal("photo.unpress.png", name);

        using var answer = await studio.PostAsync("/v1/enhance?strength=60", TestPictures.Jpeg());
        Assert.Equal(await answer.Content.ReadAsByteArrayAsync(), bytes);
        Assert.Empty(visitor.Complaints);
        Assert.All(visitor.Asked, address => Assert.True(address.StartsWith(studio.Address.ToString(), StringComparison.Ordinal)
            || address.StartsWith("blob:", StringComparison.Ordinal), address));
    }

    [ChromiumFact]
    public async Task What_is_seen_is_what_is_saved()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        await visitor.ChooseAsync(Visitor.File("photo.jpg", TestPictures.Jpeg()));
        await visitor.ReadyAsync();
        // The browser's own blend of the two pictures, at 35 %.
        int[] seen = await visitor.Page.EvaluateAsync<int[]>(
            """
            () => {
              const [before, after] = document.querySelectorAll(".stage img");
              const canvas = new OffscreenCanvas(before.naturalWidth, before.naturalHeight), context = canvas.getContext("2d");
              context.drawImage(before, 0, 0);
              context.globalAlpha = 0.35;
              context.drawImage(after, 0, 0);
              return [...context.getImageData(0, 0, canvas.width, canvas.height).data].filter((_, k) => k % 4 < 3);
            }
            """);
        using var answer = await studio.PostAsync("/v1/enhance?strength=35", TestPictures.Jpeg());
        byte[] saved = ImageFile.Load(await answer.Content.ReadAsByteArrayAsync(), "saved").Data;
        Assert.Equal(saved.Length, seen.Length);
        Assert.InRange(saved.Zip(seen, (a, b) => Math.Abs(a - b)).Max(), 0, 1);
    }

    [ChromiumFact]
    public async Task The_keyboard_does_for_everything()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("ArrowLeft");
        Assert.Equal("28%", await page.Locator(".sample").EvaluateAsync<string>("sample => sample.style.getPropertyValue('--split')"));
        await page.Keyboard.PressAsync("Tab");
        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.Keyboard.PressAsync("Enter"));
        await chooser.SetFilesAsync([Visitor.File("photo.jpg", TestPictures.Jpeg())]);
        await visitor.ReadyAsync();

        await page.Keyboard.DownAsync(" ");
        await Expect(page.Locator(".stage.original")).ToHaveCountAsync(1);
        await page.Keyboard.UpAsync(" ");
        await Expect(page.Locator(".stage.original")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator(".percent")).ToHaveTextAsync("100 %");
        await page.Keyboard.PressAsync("+");
        await Expect(page.Locator(".percent")).ToHaveTextAsync("150 %");
        await page.Locator("#strength").FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator(".amount")).ToHaveTextAsync("99");
        await page.Keyboard.PressAsync("s");
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(1);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".landing")).ToHaveCountAsync(1);
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact]
    public async Task One_of_several_is_picked()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        await visitor.ChooseAsync(Visitor.File("photo.jpg", TestPictures.Jpeg()));
        await visitor.ReadyAsync();
        await visitor.Button("Compare").ClickAsync();
        await visitor.Button("Strength 50").ClickAsync();
        await Expect(page.Locator(".amount")).ToHaveTextAsync("50");

        await visitor.Button("Compare").ClickAsync();
        await page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = "Kinds" }).ClickAsync();
        await page.Locator("dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Drawing" }).ClickAsync();
        await Expect(page.Locator(".controls .kinds [aria-checked=true]")).ToHaveTextAsync("Drawing");
        await visitor.ReadyAsync();
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact]
    public async Task Kinds_are_those_for_photographers_and_the_one_in_use()
    {
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = "plain" });
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        await visitor.ChooseAsync(Visitor.File("photo.jpg", TestPictures.Jpeg(width: 64, height: 48)));
        await visitor.ReadyAsync();
        await CompareAsync("Kinds", "plain", "Photo", "Photo, vivid", "Photo, fast", "Photo, stable", "Drawing");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = "Drawing" }).ClickAsync();
        await visitor.ReadyAsync();
        await CompareAsync("Kinds", "Photo", "Photo, vivid", "Photo, fast", "Photo, stable", "Drawing");
        await page.Keyboard.PressAsync("Escape");
        await CompareAsync("All models", "plain", "Photo", "Photo, vivid", "Photo, fast", "Photo, stable", "Drawing", "HEIC, BPG");

        async Task CompareAsync(string tab, params string[] titles)
        {
            await visitor.Button("Compare").ClickAsync();
            await page.GetByRole(AriaRole.Tab, new PageGetByRoleOptions { Name = tab }).ClickAsync();
            await Expect(page.Locator("dialog figcaption button")).ToHaveTextAsync(titles);
        }
    }

    [ChromiumFact]
    public async Task A_part_is_enhanced_again_and_again()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        await visitor.ChooseAsync(Visitor.File("photo.jpg", TestPictures.Jpeg(width: 80, height: 64)));
        await visitor.ReadyAsync();
        await visitor.Button("Repeat").ClickAsync();
        await Expect(visitor.Page.Locator("dialog .facts")).ToContainTextAsync(
            "Photo, stable leaves it", new LocatorAssertionsToContainTextOptions { Timeout = 120_000 });
        Assert.Empty(await visitor.SeriousAsync());
        string[] first = await PicturesAsync(visitor.Page, 1), last = await PicturesAsync(visitor.Page, 30);
        Assert.NotEqual(first[0], last[0]);
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact]
    public async Task Many_are_shown_with_what_came_of_each()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        await visitor.ChooseAsync([
            .. Enumerable.Range(1, 20).Select(number => Visitor.File($"{number}.jpg", TestPictures.Jpeg(width: 64, height: 48))),
            Visitor.File("text.jpg", "no picture"u8.ToArray()),
        ]);
        await Expect(page.Locator(".count")).ToHaveTextAsync("20/21 · 1 failed", new LocatorAssertionsToHaveTextOptions { Timeout = 120_000 });
        await Expect(page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "text.jpg" })).ToContainTextAsync("not a picture in a known format");
        Assert.Empty(await visitor.SeriousAsync());
        await visitor.Button("Save all as ZIP").ClickAsync();
        var (name, bytes) = await visitor.DownloadAsync(page.Locator("dialog button[type=submit]"));
        Assert.Equal("unpress.zip", name);
        using var zip = new System.IO.Compression.ZipArchive(new MemoryStream(bytes));
        Assert.Equal(20, zip.Entries.Count);

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "text.jpg" }).ClickAsync();
        await Expect(page.Locator(".failure")).ToContainTextAsync("could not be restored");
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact]
    public async Task What_runs_is_stopped()
    {
        // With the larger model, so that there is time to stop it.
        await using var studio = await RunningStudio.StartAsync(new StudioOptions());
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        await visitor.ChooseAsync(Visitor.File("large.jpg", TestPictures.Jpeg(width: 2400, height: 1800)));
        await Expect(visitor.Page.Locator(".status")).ToContainTextAsync("Restoring");
        await visitor.Button("Stop").ClickAsync();
        await Expect(visitor.Page.Locator(".failure")).ToContainTextAsync("Stopped.", new LocatorAssertionsToContainTextOptions { Timeout = 2000 });
        for (int waited = 0; studio.Files.Length > 0 && waited < 500; waited++)
            await Task.Delay(20);
        Assert.Empty(studio.Files);
    }

    [ChromiumFact]
    public async Task A_phone_shows_all_of_it()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address, 390, 844, dark: true, phone: true);
        Assert.Empty(await visitor.SeriousAsync());
        await Fits(visitor.Page);
        await visitor.ChooseAsync(Visitor.File("photo.jpg", TestPictures.Jpeg()));
        await visitor.ReadyAsync();
        Assert.Empty(await visitor.SeriousAsync());
        await Fits(visitor.Page);
        Assert.Empty(visitor.Complaints);

        static async Task Fits(IPage page) => Assert.Empty(await page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll("button, select, input:not(.unseen), h1")].map(element => [element, element.getBoundingClientRect()])
              .filter(([element, box]) => box.width > 0 && (box.left < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5)).map(([element]) => element.outerHTML)
            """));
    }

    private static async Task<string[]> PicturesAsync(IPage page, int round)
    {
        await page.Locator("#round").FillAsync($"{round}");
        return await page.Locator("dialog .tile img").EvaluateAllAsync<string[]>("images => images.map(image => image.src)");
    }

    private static async Task DropAsync(IPage page, string name, byte[] bytes) => await page.EvaluateAsync(
        """
        ([name, bytes]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([Uint8Array.from(atob(bytes), letter => letter.charCodeAt(0))], name, { type: "image/jpeg" }));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
        }
        """,
        new[] { name, Convert.ToBase64String(bytes) });
}
