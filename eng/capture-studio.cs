// dotnet run eng/capture-studio.cs -- [--only NAME,NAME] [--unpress PROGRAM]: makes the pictures of docs/studio.md again, docs/images/studio*.webp.
//
// Starts the studio on a free port and goes through its views in Debian's chromium. The photographs come from Debian's package lomiri-wallpapers-16.04
// and are made smaller and compressed here; the training that /lab shows is run here, for some minutes. Needs chromium, ffmpeg, and the network for the
// package. Their licences stand in docs/studio.md.
#:package Microsoft.Playwright
#:property PublishAot=false
#:property UseSharedCompilation=false
#:property RestorePackagesWithLockFile=false

using System.Diagnostics;
using Microsoft.Playwright;

string root = Directory.GetCurrentDirectory();
if (!File.Exists(Path.Combine(root, "Unpress.slnx")))
    throw new InvalidOperationException("start it in the root of the repository");
string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : null;
string[]? only = Option("--only")?.Split(',');
string[] unpress = (Option("--unpress") ?? Path.Combine(root, "unpress")).Split(' ');
// The page /lab shows the path.
string work = Path.Combine(Path.GetTempPath(), "unpress-pictures");

// Name in the package, the name that the page shows, pixels of its longer side, quality.
(string Package, string Name, int Side, int Quality)[] photos =
[
    ("Picture_1A_by_freespace", "brushes", 1200, 12), ("seeding_by_Clements_Engelhardt", "dandelion", 1200, 15),
    ("Picture_0B_by_freespace", "fig", 1200, 12), ("picosdeeuropa_by_Aitzol_Berasategi", "mountains", 1200, 20),
    ("Wine_by_Jakkub_Mede", "drum", 1000, 10), ("friends_by_Aitzol_Berasategi", "dogs", 1000, 15),
    ("life_by_Aitzol_Berasategi", "stream", 1200, 25), ("sunset_by_Aitzol_Berasategi", "sunset", 1200, 30),
];
await MakePhotosAsync();
await MakeLabAsync();

using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
string? address = null;
using var studio = Start([.. unpress, "studio", "--port", "0", "--lab", Path.Combine(work, "lab")], line =>
    address ??= line.Contains("http://", StringComparison.Ordinal) ? line[line.IndexOf("http://", StringComparison.Ordinal)..].Trim() : null);
try
{
    for (int waited = 0; address is null && waited < 600; waited++)
        await Task.Delay(100);
    if (address is null)
        throw new InvalidOperationException("the studio did not start");

    await View("studio-first", async page => await page.WaitForSelectorAsync(".landing"));
    await View("studio", page => Open(page, "fig"));
    await View("studio-zoom", async page =>
    {
        await Open(page, "fig");
        await Zoom(page, 0.5f, 0.55f, 4);
    }, dark: true);
    await View("studio-protect", async page =>
    {
        await Open(page, "dogs");
        await Zoom(page, 0.49f, 0.38f, 2);
        await Named(page, "Protect").ClickAsync();
        await page.Locator("#brush-size").FillAsync("110");
        await Stroke(page, (0.56f, 0.76f), (0.6f, 0.79f), (0.64f, 0.77f), (0.61f, 0.92f));
    }, rests: false);
    await View("studio-compare", async page =>
    {
        await Open(page, "brushes");
        await Zoom(page, 0.47f, 0.5f, 1);
        await Named(page, "Compare").ClickAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Kinds" }).ClickAsync();
        await page.WaitForFunctionAsync("() => [...document.querySelectorAll('dialog figcaption button')].every(one => !one.disabled)", null, Long());
    });
    await View("studio-repeat", async page =>
    {
        await Open(page, "fig");
        await Zoom(page, 0.5f, 0.55f, 1);
        await Named(page, "Repeat").ClickAsync();
        await page.WaitForFunctionAsync("() => document.querySelector('dialog .facts').textContent.includes('leaves it')", null, Long());
    }, dark: true);
    await View("studio-save", async page =>
    {
        await Open(page, "brushes");
        await Named(page, "Save").ClickAsync();
        await page.GetByLabel("Keep to what").CheckAsync();
        await page.WaitForSelectorAsync(".badge:not([hidden])", new() { Timeout = 120_000 });
    });
    await View("studio-batch", async page =>
    {
        await Choose(page, photos.Select(photo => photo.Name));
        await page.WaitForFunctionAsync("() => document.querySelectorAll('.card[data-state=done]').length === 3", null, Long());
    }, dark: true);
    await View("studio-phone", async page => await Open(page, "dogs"), dark: true, phone: true);
    await View("studio-docs", async page =>
    {
        await page.GotoAsync(new Uri(new Uri(address), "/docs").ToString());
        await page.GetByText("Restores a picture.").First.ClickAsync();
        await Task.Delay(1000);
    });
    await View("studio-lab", async page =>
    {
        await page.GotoAsync(new Uri(new Uri(address), "/lab").ToString());
        await page.GetByRole(AriaRole.Link, new() { Name = "small" }).ClickAsync();
        await page.WaitForSelectorAsync(".chart canvas");
    }, height: 1350);
}
finally
{
    studio.Kill(entireProcessTree: true);
}

// One view of the page, in a window of its own.
async Task View(string name, Func<IPage, Task> go, bool dark = false, bool phone = false, int height = 750, bool rests = true)
{
    if (only is not null && !only.Contains(name))
        return;
    await using var context = await browser.NewContextAsync(new()
    {
        ViewportSize = phone ? new() { Width = 390, Height = 780 } : new() { Width = 1200, Height = height },
        ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light, HasTouch = phone, IsMobile = phone,
    });
    var page = await context.NewPageAsync();
    page.FileChooser += (_, _) => { };
    await page.GotoAsync(address);
    await go(page);
    if (rests)
        await page.Mouse.MoveAsync(1, 1);
    await Task.Delay(400);
    var protocol = await context.NewCDPSessionAsync(page);
    var shot = await protocol.SendAsync("Page.captureScreenshot", new() { ["format"] = "webp", ["quality"] = 80 });
    byte[] bytes = Convert.FromBase64String(shot!.Value.GetProperty("data").GetString()!);
    await File.WriteAllBytesAsync(Path.Combine(root, "docs", "images", name + ".webp"), bytes);
    Console.WriteLine($"{name}: {bytes.Length / 1000} kB");
}

ILocator Named(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

PageWaitForFunctionOptions Long() => new() { Timeout = 300_000 };

async Task Choose(IPage page, IEnumerable<string> names)
{
    var chooser = await page.RunAndWaitForFileChooserAsync(() => Named(page, "Choose pictures").ClickAsync());
    await chooser.SetFilesAsync(names.Select(name => Path.Combine(work, name + ".jpg")));
}

async Task Open(IPage page, string name)
{
    await Choose(page, [name]);
    await page.WaitForSelectorAsync(".stage.ready", new() { Timeout = 300_000 });
}

// To so many screen pixels for one of the picture, and a point of the stage to its middle.
async Task Zoom(IPage page, float x, float y, int times)
{
    var stage = (await page.Locator(".stage").BoundingBoxAsync())!;
    await page.Mouse.MoveAsync(stage.X + (x * stage.Width), stage.Y + (y * stage.Height));
    while (true)
    {
        string percent = await page.Locator(".percent").InnerTextAsync();
        double at = double.Parse(percent.Replace("%", ""), System.Globalization.CultureInfo.InvariantCulture) / 100;
        if (Math.Abs(at - times) < 0.02)
            break;
        await page.Mouse.WheelAsync(0, (float)(-500 * Math.Log(times / at)));
    }

    await page.Mouse.DownAsync();
    await page.Mouse.MoveAsync(stage.X + (0.5f * stage.Width), stage.Y + (0.5f * stage.Height), new() { Steps = 3 });
    await page.Mouse.UpAsync();
}

async Task Stroke(IPage page, params (float X, float Y)[] points)
{
    var stage = (await page.Locator(".stage").BoundingBoxAsync())!;
    foreach (var (x, y) in points)
    {
        await page.Mouse.MoveAsync(stage.X + (x * stage.Width), stage.Y + (y * stage.Height), new() { Steps = 5 });
        await page.Mouse.DownAsync();
    }

    await page.Mouse.UpAsync();
}

async Task MakePhotosAsync()
{
    if (Directory.Exists(work))
        return;
    string made = work + ".part";
    if (Directory.Exists(made))
        Directory.Delete(made, recursive: true);
    Directory.CreateDirectory(made);
    await Run(made, "apt-get", "-q", "download", "lomiri-wallpapers-16.04");
    await Run(made, "dpkg-deb", "-x", Directory.GetFiles(made, "*.deb").Single(), "package");
    foreach (var (package, name, side, quality) in photos)
    {
        string photo = Path.Combine(made, "package/usr/share/backgrounds", package + ".jpg");
        await Run(made, "ffmpeg", "-v", "error", "-i", photo, "-vf",
            $"scale={side}:{side}:force_original_aspect_ratio=decrease:flags=lanczos", "-frames:v", "1", name + ".png");
        await Run(made, [.. unpress, "compress", name + ".png", "-o", name + ".jpg", "--codec", "jpeg", "-q", $"{quality}"]);
    }

    Directory.Move(made, work);
}

// A folder with a training of its own, of a network that is small enough for that, and the cards of the models.
async Task MakeLabAsync()
{
    string lab = Path.Combine(work, "lab"), made = Path.Combine(work, "lab.part"), validation = Path.Combine(made, "validation");
    if (Directory.Exists(lab))
        return;
    if (Directory.Exists(made))
        Directory.Delete(made, recursive: true);
    Directory.CreateDirectory(validation);
    File.Copy(Path.Combine(work, "drum.png"), Path.Combine(validation, "drum.png"));
    await Run(made, [.. unpress, "train", Path.Combine(root, "recipes/unpress/photo.yaml"), "--overlay", "smoke", "--set", "name=small",
        "--set", "steps=600", "--set", "schedule.warmup=20", "--set", "optimiser.lr=3e-3", "--set", "validation.folder=validation",
        "--report", "10", "--set", "validation.every=40", "--set", "validation.limit=1", "--set", "validation.qualities=[10,20,40]"]);
    Directory.Delete(validation, recursive: true);
    Directory.CreateDirectory(Path.Combine(made, "models"));
    foreach (string file in Directory.GetFiles(Path.Combine(root, "models")))
        File.Copy(file, Path.Combine(made, "models", Path.GetFileName(file)));
    Directory.Move(made, lab);
}

async Task Run(string folder, params string[] command)
{
    using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder })!;
    await process.WaitForExitAsync();
    if (process.ExitCode != 0)
        throw new InvalidOperationException($"{string.Join(" ", command)} ended with {process.ExitCode}");
}

Process Start(string[] command, Action<string> line)
{
    var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
    process.OutputDataReceived += (_, data) => line(data.Data ?? "");
    process.BeginOutputReadLine();
    return process;
}
