using System.Diagnostics;

namespace Unpress.Tests.Lab.Reports;

/// <summary>A Chromium of this machine, without a window.</summary>
internal static class Chromium
{
    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome"];

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static string? Program { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    /// <summary>Opens a page and returns the document as its scripts left it, five seconds of its own time later.</summary>
    public static string DocumentOf(string page)
    {
        var folder = Directory.CreateTempSubdirectory("unpress-chromium-");
        try
        {
            string file = Path.Combine(folder.FullName, "page.html");
            File.WriteAllText(file, page);
            // Without a sandbox, which needs rights that build machines do not give; the page is ours.
            string[] arguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--virtual-time-budget=5000", "--window-size=400,900",
                $"--user-data-dir={Path.Combine(folder.FullName, "profile")}", "--dump-dom", $"file://{file}",
            ];
            using var process = Process.Start(new ProcessStartInfo(Program!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            var text = process.StandardOutput.ReadToEndAsync();
            if (!text.Wait(Patience))
            {
                process.Kill(entireProcessTree: true);
                throw new TimeoutException($"{Program} did not answer in {Patience.TotalSeconds} s");
            }

            process.WaitForExit();
            return text.Result;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
