using System.CommandLine;
using Spectre.Console;
using Unpress.Files;
using Unpress.Inference;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>Bars for the files and for the tiles of the file at work: on standard error, and only on a terminal.</summary>
internal sealed class EnhanceProgress
{
    private readonly ProgressTask? _files;
    private readonly ProgressTask? _tiles;

    private EnhanceProgress(ProgressTask? files, ProgressTask? tiles) => (_files, _tiles) = (files, tiles);

    public static void Show(ParseResult parsed, int files, Action<EnhanceProgress> work)
    {
        var output = new AnsiConsoleOutput(parsed.InvocationConfiguration.Error);
        if (Console.IsErrorRedirected || parsed.InvocationConfiguration.Error != Console.Error)
        {
            work(new EnhanceProgress(null, null));
            return;
        }

        AnsiConsole.Create(new AnsiConsoleSettings { Out = output }).Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var all = files > 1 ? progress.AddTask("pictures", maxValue: files) : null;
                work(new EnhanceProgress(all, progress.AddTask("tiles")));
            });
    }

    public void Tile(InputFile input, TileProgress tile)
    {
        if (_tiles is null)
            return;
        _tiles.Description = Markup.Escape(Path.GetFileName(input.Path));
        _tiles.MaxValue = tile.Total;
        _tiles.Value = tile.Done;
    }

    public void File() => _files?.Increment(1);
}
