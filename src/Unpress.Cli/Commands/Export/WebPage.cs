using System.CommandLine;
using System.Globalization;
using Unpress.Studio.Pages;

namespace Unpress.Cli.Commands.Export;

/// <summary><c>unpress export --web DIR</c>: the studio as a folder of files.</summary>
internal static class WebPage
{
    public static async Task<int> WriteAsync(
        ParseResult parsed, string folder, string? model, string? runtime, bool overwrite, CancellationToken cancellation)
    {
        var options = new WebExportOptions { Folder = folder, Runtime = runtime, Overwrite = overwrite };
        if (model is not null)
            options = options with { Models = [model, .. options.Models.Where(other => other != model)] };
        if (runtime is null)
            parsed.InvocationConfiguration.Error.WriteLine($"unpress: fetching {WebExport.RuntimeAddress} (33 MB); --runtime FILE takes one that you have");
        long bytes = await WebExport.RunAsync(options, cancellation);
        parsed.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{folder}: {bytes / 1e6:0.0} MB; put it on any web server, or try it: python3 -m http.server -d {folder}"));
        return ExitCodes.Ok;
    }
}
