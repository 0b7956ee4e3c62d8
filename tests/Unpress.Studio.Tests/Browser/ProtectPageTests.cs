using Microsoft.Playwright;
using Unpress.Imaging;
using static Microsoft.Playwright.Assertions;

namespace Unpress.Studio.Tests.Browser;

/// <summary>The brush that keeps the original, in Chromium: what is seen is what is saved.</summary>
public sealed class ProtectPageTests
{
    [ChromiumFact]
    public async Task What_is_painted_stays_as_it_was_in_the_saved_file()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        byte[] picture = TestPictures.Jpeg();
        await visitor.ChooseAsync(Visitor.File("photo.jpg", picture));
        await visitor.ReadyAsync();
        await page.Locator("#strength").FillAsync("70");
        await visitor.Button("Protect").ClickAsync();
        await page.Locator("#brush-size").FillAsync("100");
        var stage = (await page.Locator(".stage").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(stage.X + (stage.Width * 0.45f), stage.Y + (stage.Height * 0.3f));
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(stage.X + (stage.Width * 0.5f), stage.Y + (stage.Height * 0.7f), new MouseMoveOptions { Steps = 5 });
        await page.Mouse.UpAsync();
        Assert.Empty(await visitor.SeriousAsync());
        int[] seen = await SeenAsync(page, 0.7);
        await visitor.Button("Done").ClickAsync();
        byte[] saved = await SaveAsync(visitor);

        var original = ImageFile.Load(picture, "original");
        using var answer = await studio.PostAsync("/v1/enhance?strength=70", picture);
        byte[] plain = ImageFile.Load(await answer.Content.ReadAsByteArrayAsync(), "plain").Data;
        byte[] result = ImageFile.Load(saved, "saved").Data;
        // The browser rounds after each of the three layers.
        Assert.InRange(result.Zip(seen, (a, b) => Math.Abs(a - b)).Max(), 0, 2);
        // Some of it is the original where the network would have changed it, and some of it is restored.
        Assert.Contains(Enumerable.Range(0, result.Length), k => result[k] == original.Data[k] && plain[k] != original.Data[k]);
        Assert.Contains(Enumerable.Range(0, result.Length), k => result[k] == plain[k] && plain[k] != original.Data[k]);

        await visitor.Button("Protect").ClickAsync();
        await visitor.Button("Undo").ClickAsync();
        await visitor.Button("Done").ClickAsync();
        Assert.Equal(plain, ImageFile.Load(await SaveAsync(visitor), "saved").Data);
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact]
    public async Task The_keyboard_paints_too()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(studio.Address);
        var page = visitor.Page;
        await visitor.ChooseAsync(Visitor.File("photo.jpg", TestPictures.Jpeg()));
        await visitor.ReadyAsync();
        await visitor.Button("Protect").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal(0, await PaintedAsync(page));
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync(" ");
        int one = await PaintedAsync(page);
        Assert.True(one > 0);
        await page.Keyboard.PressAsync("Shift+ArrowLeft");
        await page.Keyboard.PressAsync(" ");
        Assert.True(await PaintedAsync(page) > one);
        await page.Keyboard.PressAsync("z");
        Assert.Equal(one, await PaintedAsync(page));
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".brush-bar")).ToBeHiddenAsync();
        await Expect(page.Locator(".viewer")).ToHaveCountAsync(1);
        Assert.Empty(visitor.Complaints);
    }

    private static async Task<byte[]> SaveAsync(Visitor visitor)
    {
        await visitor.Button("Save").ClickAsync();
        await Expect(visitor.Page.Locator("dialog .facts")).ToContainTextAsync("photo.unpress.png, ");
        return (await visitor.DownloadAsync(visitor.Page.Locator("dialog button[type=submit]"))).Bytes;
    }

    /// <summary>Through a copy: the page's own canvas is not made for being read again and again.</summary>
    private static Task<int> PaintedAsync(IPage page) => page.Locator(".stage canvas").EvaluateAsync<int>(
        """
        canvas => {
          const context = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
          context.drawImage(canvas, 0, 0);
          return context.getImageData(0, 0, canvas.width, canvas.height).data.filter((value, k) => k % 4 === 3 && value > 0).length;
        }
        """);

    /// <summary>The browser's own blend of what lies on the stage.</summary>
    private static Task<int[]> SeenAsync(IPage page, double strength) => page.EvaluateAsync<int[]>(
        """
        strength => {
          const [before, after] = document.querySelectorAll(".stage img");
          const canvas = new OffscreenCanvas(before.naturalWidth, before.naturalHeight), context = canvas.getContext("2d");
          context.drawImage(before, 0, 0);
          context.globalAlpha = strength;
          context.drawImage(after, 0, 0);
          context.globalAlpha = 1;
          context.drawImage(document.querySelector(".stage canvas"), 0, 0);
          return [...context.getImageData(0, 0, canvas.width, canvas.height).data].filter((_, k) => k % 4 < 3);
        }
        """, strength);
}
