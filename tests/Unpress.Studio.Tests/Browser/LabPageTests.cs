using Microsoft.Playwright;
using Unpress.Studio.Tests.Api;
using static Microsoft.Playwright.Assertions;

namespace Unpress.Studio.Tests.Browser;

/// <summary>The laboratory as researchers see it, in Chromium.</summary>
public sealed class LabPageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("studio-lab-");

    public LabPageTests() => LabFolder.Make(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [ChromiumFact]
    public async Task A_training_a_report_and_a_card_are_looked_at()
    {
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = RunningStudio.Model, Lab = _folder.FullName });
        await using var visitor = await Visitor.ComeAsync(new Uri(studio.Address, "/lab"));
        var page = visitor.Page;
        await Link(page, "runs/one").ClickAsync();
        await Expect(page.Locator(".chart canvas")).ToHaveCountAsync(3);
        await Expect(page.Locator(".lab-facts")).ToContainTextAsync("31.5 dB, step 3,000");
        await Expect(page.Locator(".recipe pre")).ToHaveTextAsync("name: one\n");
        await Expect(page.Locator(".sample-row img")).ToHaveCountAsync(3);
        int[] widths = await page.Locator(".sample-row img").EvaluateAllAsync<int[]>("images => images.map(image => image.naturalWidth)");
        Assert.Equal([16, 16, 16], widths);
        // The curve is there, not only its frame.
        Assert.True(await page.Locator(".chart canvas").First.EvaluateAsync<bool>(
            """
            canvas => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              for (let k = 0; k < data.length; k += 4) if (data[k] < 40 && data[k + 2] > 150 && data[k + 3] > 200) return true;
              return false;
            }
            """));
        Assert.Empty(await visitor.SeriousAsync());

        await Link(page, "lite").ClickAsync();
        await Expect(page.Locator(".card-text h2").First).ToHaveTextAsync("Model card: lite");
        await Expect(page.Locator(".card-text li")).ToHaveTextAsync("Small, <script>alert(1)</script> more.");
        Assert.Empty(await visitor.SeriousAsync());

        await Link(page, "runs/lab/cycle").ClickAsync();
        var report = await page.RunAndWaitForPopupAsync(() => Link(page, "Open the report").ClickAsync());
        await Expect(report.Locator("#p")).ToHaveTextAsync("ran");
        Assert.Equal("null", await report.EvaluateAsync<string>("() => self.origin"));
        Assert.Empty(visitor.Complaints);
        Assert.All(visitor.Asked, address => Assert.StartsWith(studio.Address.ToString(), address, StringComparison.Ordinal));
    }

    [ChromiumFact]
    public async Task On_a_phone_the_list_comes_first()
    {
        await using var studio = await RunningStudio.StartAsync(new StudioOptions { Model = RunningStudio.Model, Lab = _folder.FullName });
        await using var visitor = await Visitor.ComeAsync(new Uri(studio.Address, "/lab"), 390, 844, dark: true, phone: true);
        await Link(visitor.Page, "runs/one").ClickAsync();
        await Expect(visitor.Page.Locator(".lab-list")).ToBeHiddenAsync();
        Assert.True(await visitor.Page.EvaluateAsync<bool>("() => document.querySelector('.lab-view').scrollWidth <= innerWidth"));
        Assert.Empty(await visitor.SeriousAsync());
        await Link(visitor.Page, "Back to the list").ClickAsync();
        await Expect(visitor.Page.Locator(".lab-list")).ToBeVisibleAsync();
        Assert.Empty(visitor.Complaints);
    }

    [ChromiumFact]
    public async Task Without_a_folder_it_says_how_to_name_one()
    {
        await using var studio = await RunningStudio.StartAsync();
        await using var visitor = await Visitor.ComeAsync(new Uri(studio.Address, "/lab"));
        await Expect(visitor.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("start the studio with --lab FOLDER");
    }

    private static ILocator Link(IPage page, string name) => page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = name });
}
