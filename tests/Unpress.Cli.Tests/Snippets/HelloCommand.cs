using System.CommandLine;
using Spectre.Console;

namespace Unpress.Cli.Tests.Snippets;

public static class HelloCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Whom to greet." };
        var command = new Command("hello", "Greet somebody.") { name };
        command.SetAction(parsed =>
        {
            ResultConsole.For(parsed).MarkupLineInterpolated($"Hello, {parsed.GetValue(name)}.");
            return ExitCodes.Ok;
        });
        return command.WithExamples("unpress hello Ada");
    }
}
