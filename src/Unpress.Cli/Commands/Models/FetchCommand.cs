using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Unpress.Downloads;
using Unpress.Models;
using Unpress.Networks;

namespace Unpress.Cli.Commands.Models;

/// <summary><c>unpress models fetch NAME</c>: published weights from where their makers keep them.</summary>
internal static class FetchCommand
{
    private const int Steps = 1000;

    /// <summary>Columns of the terminal from which on file names and terms fit.</summary>
    private const int WideTable = 120;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "Which weights to fetch; without a name, the command lists them.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var folder = new Option<string?>("--to") { Description = "Folder for the file; by default the models folder.", HelpName = "FOLDER" };
        var command = new Command("fetch", "Download published weights and verify them; a download that was stopped continues.") { name, folder };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (parsed.GetValue(name) is { } wanted)
                Fetch(parsed, OfficialFiles.Find(wanted), parsed.GetValue(folder) ?? OfficialFiles.Folder, cancellation);
            else
                List(ResultConsole.For(parsed));
            return ExitCodes.Ok;
        }));
        return command.WithExamples(
            "unpress models fetch dncnn3");
    }

    private static void Fetch(ParseResult parsed, OfficialFile file, string folder, CancellationToken cancellation)
    {
        var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        error.WriteLine($"unpress: {file.FileName}: {file.Licence}");
        using var client = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        string path = LongTask.Run(parsed, file.FileName, Steps, step =>
        {
            int done = 0;
            void Report(long have, long? total)
            {
                for (; total is > 0 && done < Steps * have / total; done++)
                    step();
            }

            return new Downloader(client).FetchAsync(file, folder, Report, cancellation).GetAwaiter().GetResult();
        });
        output.WriteLine(path);
        if (file.Sha256 is null)
            error.WriteLine("unpress: its makers publish no hash that we know; only its form was checked");
        if (NetworkCatalog.All.Any(entry => entry.Name == file.For))
        {
            string model = Path.Combine(Path.GetDirectoryName(path) ?? "", file.Name + ModelFinder.WeightsExtension);
            error.WriteLine($"unpress: to use it: unpress import '{path}' --as {file.For}{(file.Set is null ? "" : $" --set {file.Set}")} -o '{model}'");
        }
    }

    private static void List(IAnsiConsole console)
    {
        bool wide = console.Profile.Width >= WideTable;
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("name").NoWrap()).AddColumn("for")
            .AddColumn(new TableColumn("size").RightAligned().NoWrap()).AddColumn("here");
        if (wide)
            table.AddColumns("file", "terms");
        foreach (var file in OfficialFiles.All)
        {
            string[] cells = [file.Name, file.For, file.Bytes is { } bytes ? Size(bytes) : "", OfficialFiles.PathOf(file) is null ? "" : "yes"];
            table.AddRow(wide ? [.. cells, file.FileName, Markup.Escape(file.Licence)] : cells);
        }

        console.Write(table);
        if (!wide)
            console.WriteLine("A wider terminal shows file names and terms, too; fetching says the terms.");
    }

    private static string Size(long bytes)
        => string.Create(CultureInfo.InvariantCulture, $"{(bytes < 1_000_000 ? bytes / 1e3 : bytes / 1e6):0.0} {(bytes < 1_000_000 ? "kB" : "MB")}");
}
