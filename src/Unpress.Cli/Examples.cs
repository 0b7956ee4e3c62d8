using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Unpress.Cli;

/// <summary>Command lines as people type them, under the help of a command.</summary>
public static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> Known = [];
    private static readonly ConditionalWeakTable<Command, string[]> Sections = [];

    /// <param name="lines">Each with what it does after a #.</param>
    public static Command WithExamples(this Command command, params string[] lines)
    {
        Known.Add(command, lines);
        return command;
    }

    /// <summary>More to know, above the examples.</summary>
    public static Command WithSection(this Command command, string title, IEnumerable<string> lines)
    {
        Sections.Add(command, [title, .. lines.Select(line => $"  {line}"), ""]);
        return command;
    }

    public static IReadOnlyList<string> Of(Command command) => Known.TryGetValue(command, out string[]? lines) ? lines : [];

    /// <summary>Help as the library prints it, and the examples below.</summary>
    public static HelpOption Help()
    {
        var option = new HelpOption();
        option.Action = new Below((HelpAction)option.Action!);
        return option;
    }

    private sealed class Below(HelpAction help) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int code = help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            foreach (string line in Sections.TryGetValue(parseResult.CommandResult.Command, out string[]? section) ? section : [])
                output.WriteLine(line);
            var lines = Of(parseResult.CommandResult.Command);
            if (lines.Count == 0)
                return code;
            output.WriteLine("Examples:");
            foreach (string line in lines)
            {
                int at = line.IndexOf(" # ", StringComparison.Ordinal);
                output.WriteLine($"  {(at < 0 ? line : line[..at].TrimEnd())}");
                if (at >= 0)
                    output.WriteLine($"      {line[(at + 3)..]}");
            }

            output.WriteLine();
            return code;
        }
    }
}
