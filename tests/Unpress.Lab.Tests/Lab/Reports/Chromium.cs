using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;

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

    /// <summary>A frame as wide as a phone: windows without a screen are 500 pixels wide or more.</summary>
    private const string Host = """
        <iframe src="page.html" style="border: 0; width: 390px; height: 900px"></iframe><pre id="seen"></pre>
        <script>onmessage = event => { document.getElementById("seen").textContent = event.data; };</script>
        """;

    /// <summary>Opens a page on a phone and returns the text that it posts to its parent within five seconds of its own time; empty for none.</summary>
    public static string Seen(string page)
    {
        var folder = Directory.CreateTempSubdirectory("unpress-chromium-");
        try
        {
            string file = Path.Combine(folder.FullName, "host.html");
            File.WriteAllText(file, Host);
            File.WriteAllText(Path.Combine(folder.FullName, "page.html"), page);
            // Without a sandbox, which needs rights that build machines do not give; the page is ours.
            string[] arguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--virtual-time-budget=5000", "--window-size=500,900",
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
            return WebUtility.HtmlDecode(Regex.Match(text.Result, "<pre id=\"seen\">(?<text>.*?)</pre>", RegexOptions.Singleline).Groups["text"].Value);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
