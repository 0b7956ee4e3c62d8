using System.CommandLine;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Unpress.Cli;

/// <summary>
/// The one writer of a command that shows bars. Bars stand on standard error, where that is a terminal, and are redrawn under whatever is written:
/// results and complaints that went past them would be overwritten.
/// </summary>
internal sealed class Screen
{
    private readonly TextWriter _output, _error;
    private readonly IAnsiConsole? _live;
    private readonly ProgressContext? _bars;
    private readonly bool _outputIsTerminal;

    private Screen(ParseResult parsed, IAnsiConsole? live, ProgressContext? bars)
    {
        (_output, _error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
        (_live, _bars) = (live, bars);
        _outputIsTerminal = new AnsiConsoleOutput(_output).IsTerminal;
    }

    /// <summary>Runs <paramref name="work"/>; bars that it adds are gone when it ends.</summary>
    public static T Show<T>(ParseResult parsed, Func<Screen, T> work)
    {
        var error = new AnsiConsoleOutput(parsed.InvocationConfiguration.Error);
        if (!error.IsTerminal)
            return work(new Screen(parsed, null, null));
        var live = AnsiConsole.Create(new AnsiConsoleSettings { Out = error });
        return live.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(bars => work(new Screen(parsed, live, bars)));
    }

    /// <summary>Null where there is no terminal to show a bar on.</summary>
    public ProgressTask? Bar(string title, double steps) => _bars?.AddTask(Markup.Escape(Printable.Of(title)), maxValue: steps);

    /// <summary>A line of the result, on standard output.</summary>
    public void Result(string line)
    {
        if (_live is not null && _outputIsTerminal)
            _live.Write(new PlainLine(Printable.Of(line)));
        else
            _output.WriteLine(Printable.Of(line));
    }

    /// <summary>A line for a person, on standard error.</summary>
    public void Problem(string line)
    {
        line = Printable.Of(line);
        if (_live is not null)
            _live.Write(new PlainLine(line));
        else
            _error.WriteLine(line);
    }

    /// <summary>As it is, however long: a path must stay one word. It is written over the bars, of which nothing may be left beside its end.</summary>
    private sealed class PlainLine(string text) : IRenderable
    {
        private const string EraseBelow = "\e[J";

        public Measurement Measure(RenderOptions options, int maxWidth) => new(text.Length, text.Length);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => [Segment.Control(EraseBelow), new Segment(text), Segment.LineBreak];
    }
}
