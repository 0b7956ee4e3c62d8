using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Unpress.Studio.Tests.Browser;

/// <summary>Somebody with a browser. What the page complains of, and every address that it asks, is remembered.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    /// <summary>One for all visitors, each of whom has a context: cookies, storage and service workers of his own. It ends with the tests' process.</summary>
    private static readonly Lazy<Task<IBrowser>> Browser = Launched();

    /// <summary>One with a graphics processor in software: slow, but its pixels count.</summary>
    private static readonly Lazy<Task<IBrowser>> BrowserWithGpu =
        Launched("--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader", "--enable-features=Vulkan");

    private Visitor(IBrowserContext context, IPage page)
    {
        (Context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            // The browser notes it, too, when the studio's queue is full: then the page waits and asks again.
            bool isFullQueue = message.Text.Contains("429 (Too Many Requests)", StringComparison.Ordinal);
            // And that there is no graphics processor.
            bool isNoAdapter = message.Text == "No available adapters.";
            if (message.Type is "error" or "warning" && !isFullQueue && !isNoAdapter)
                Complaints.Add(message.Text);
        };
        page.PageError += (_, error) => Complaints.Add(error);
        page.FileChooser += (_, _) => { }; // caught from now on, not from when somebody waits for one
        page.Request += (_, request) => Asked.Add(request.Url);
    }

    public IBrowserContext Context { get; }

    public IPage Page { get; }

    public List<string> Complaints { get; } = [];

    public List<string> Asked { get; } = [];

    /// <param name="gpu">Whether the browser has a graphics processor, in software.</param>
    /// <param name="script">What runs before any script of the page.</param>
    public static async Task<Visitor> ComeAsync(Uri address, int width = 1280, int height = 800, bool dark = false, bool phone = false,
        bool gpu = false, string? script = null)
    {
        var context = await (await (gpu ? BrowserWithGpu : Browser).Value).NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            HasTouch = phone,
            IsMobile = phone,
        });
        // Two tests on two busy cores take long; what must be quick says so itself.
        context.SetDefaultTimeout(120_000);
        Assertions.SetDefaultExpectTimeout(30_000);
        if (script is not null)
            await context.AddInitScriptAsync(script);
        var page = await context.NewPageAsync();
        var visitor = new Visitor(context, page);
        await page.GotoAsync(address.ToString());
        return visitor;
    }

    private static Lazy<Task<IBrowser>> Launched(params string[] flags) => new(async () =>
        await (await Playwright.CreateAsync()).Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = ChromiumFactAttribute.Chromium, Args = ["--no-sandbox", .. flags] }));

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name });

    /// <summary>Through the button and the system's dialog.</summary>
    public async Task ChooseAsync(params FilePayload[] files)
    {
        var chooser = await Page.RunAndWaitForFileChooserAsync(() => Button("Choose pictures").ClickAsync());
        await chooser.SetFilesAsync(files);
    }

    public static FilePayload File(string name, byte[] bytes, string type = "image/jpeg") => new() { Name = name, MimeType = type, Buffer = bytes };

    /// <summary>Until the result is on the stage.</summary>
    public Task ReadyAsync() => Page.WaitForSelectorAsync(".stage.ready", new PageWaitForSelectorOptions { Timeout = 120_000 });

    /// <summary>What axe finds serious or critical.</summary>
    public async Task<IReadOnlyList<string>> SeriousAsync()
    {
        var found = await Page.RunAxe();
        return [.. found.Violations.Where(violation => violation.Impact is "serious" or "critical")
            .Select(violation => $"{violation.Id}: {string.Join(" ", violation.Nodes.Select(node => node.Html))}")];
    }

    /// <summary>What a button downloads.</summary>
    public async Task<(string Name, byte[] Bytes)> DownloadAsync(ILocator button)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => button.ClickAsync());
        return (download.SuggestedFilename, await System.IO.File.ReadAllBytesAsync(await download.PathAsync()));
    }

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
