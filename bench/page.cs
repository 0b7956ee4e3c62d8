// dotnet run bench/page.cs -- [--times 5] [--unpress PROGRAM]: seconds for a JPEG of one megapixel in the page that needs no server, beside the command
// line's, in turns, both with the model lite. Needs chromium, ffmpeg, python3, and the network for the runtime that "unpress export --web" fetches.
//
// The page's seconds go from the choice of the file until the result is on the screen; the first has the loading of runtime and model in it. The command
// line's are those of the whole process.
#:package Microsoft.Playwright
#:property PublishAot=false
#:property UseSharedCompilation=false
#:property RestorePackagesWithLockFile=false

using System.Diagnostics;
using System.Globalization;
using Microsoft.Playwright;

string Option(string name, string usual) => Array.IndexOf(args, name) is var at and >= 0 ? args[at + 1] : usual;
int times = int.Parse(Option("--times", "5"), CultureInfo.InvariantCulture);
string unpress = Option("--unpress", "./unpress");
string work = Directory.CreateTempSubdirectory("unpress-bench-page-").FullName, photo = Path.Combine(work, "photo.jpg");
try
{
    Run("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=size=1184x888", "-frames:v", "1", "-q:v", "12", photo);
    Run(unpress, "export", "--web", Path.Combine(work, "page"));
    string[] serve = ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", Path.Combine(work, "page"), "0"];
    using var server = Process.Start(new ProcessStartInfo("python3", serve)
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
    server.ErrorDataReceived += (_, _) => { };
    server.BeginErrorReadLine();
    // "Serving HTTP on 127.0.0.1 port 34567 ..."
    string port = (await server.StandardOutput.ReadLineAsync())!.Split(' ')[5];

    using var playwright = await Playwright.CreateAsync();
    await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox"] });
    var page = await browser.NewPageAsync();
    page.SetDefaultTimeout(600_000);
    await page.GotoAsync($"http://localhost:{port}");
    await page.WaitForFunctionAsync("() => crossOriginIsolated && navigator.serviceWorker.controller !== null");

    List<double> inPage = [], alone = [];
    for (int time = 0; time < times; time++)
    {
        var chooser = await page.RunAndWaitForFileChooserAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Choose pictures" }).ClickAsync());
        long began = Stopwatch.GetTimestamp();
        await chooser.SetFilesAsync(photo);
        await page.WaitForSelectorAsync(".stage.ready");
        inPage.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        await page.GetByRole(AriaRole.Button, new() { Name = "Back" }).ClickAsync();

        began = Stopwatch.GetTimestamp();
        Run(unpress, "enhance", photo, "-o", Path.Combine(work, "photo.png"), "--overwrite", "--model", "lite");
        alone.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    string how = await page.EvaluateAsync<string>("() => document.documentElement.dataset.compute");
    Console.WriteLine($"| | seconds |\n|---|---|\n| in the page ({how}) | {Join(inPage)} |\n| enhance --model lite | {Join(alone)} |");
    server.Kill();
}
finally
{
    Directory.Delete(work, recursive: true);
}

static string Join(List<double> seconds) => string.Join(", ", seconds.Select(value => value.ToString("F1", CultureInfo.InvariantCulture)));

static void Run(string program, params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    process.StandardOutput.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
        throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
}
