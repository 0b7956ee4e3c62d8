using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Unpress.Cli;

/// <summary>Command lines as people type them, under the help of a command.</summary>
public static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> Known = [];

    /// <param name="lines">Each with what it does after a #.</param>
    public static Command WithExamples(this Command command, params string[] lines)
    {
        Known.Add(command, lines);
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
            var lines = Of(parseResult.CommandResult.Command);
            if (lines.Count == 0)
                return code;
            var output = parseResult.InvocationConfiguration.Output;
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
