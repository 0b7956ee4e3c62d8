using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Unpress.Cli;

/// <summary>Where a command prints its result: its own standard output, so that tests can read it.</summary>
public static class ResultConsole
{
    /// <summary>Wide enough for a path, where no terminal sets the width.</summary>
    private const int WidthOfPlainText = 160;

    public static IAnsiConsole For(ParseResult parsed) => To(parsed.InvocationConfiguration.Output);

    /// <summary>The same for what is no result: a person's view of the work, on standard error.</summary>
    public static IAnsiConsole ForError(ParseResult parsed) => To(parsed.InvocationConfiguration.Error);

    private static IAnsiConsole To(TextWriter writer)
    {
        var output = new AnsiConsoleOutput(writer);
        if (output.IsTerminal)
            return WithoutControls(AnsiConsole.Create(new AnsiConsoleSettings { Out = output }));

        // Files and pipes get the words without the colours.
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = output, Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors });
        console.Profile.Width = WidthOfPlainText;
        return WithoutControls(console);
    }

    private static IAnsiConsole WithoutControls(IAnsiConsole console)
    {
        console.Pipeline.Attach(new PrintableHook());
        return console;
    }

    /// <summary>Whatever a table or a line shows, its words are <see cref="Printable"/>.</summary>
    private sealed class PrintableHook : IRenderHook
    {
        public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
            renderables.Select(one => new PrintableRenderable(one));
    }

    private sealed class PrintableRenderable(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth)
            .Select(segment => segment.IsLineBreak || segment.IsControlCode || !segment.Text.Any(char.IsControl)
                ? segment
                : new Segment(Printable.Of(segment.Text), segment.Style));
    }
}

/// <summary>Numbers of things as words.</summary>
internal static class CountText
{
    public static string Pictures(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? "picture" : "pictures")}");
}

/// <summary>How this program writes JSON: indented, names as they are, infinity as the string "Infinity".</summary>
internal static class JsonText
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>Names and values out of files, which may hold terminal codes, for a terminal.</summary>
internal static class Printable
{
    public static string Of(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
