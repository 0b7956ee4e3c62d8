using System.CommandLine;

namespace Unpress.Cli.Commands.Models;

/// <summary><c>unpress models</c>: the networks there are, what they cost, and which have weights here.</summary>
public static class ModelsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var command = new Command("models", "List the networks with parameters, operations, receptive field and the weights at hand.") { json };
        command.SetAction(parsed =>
        {
            var rows = ModelRow.All();
            if (parsed.GetValue(json))
                ModelsPrinter.Json(parsed.InvocationConfiguration.Output, rows);
            else
                ModelsPrinter.Table(ResultConsole.For(parsed), rows);
            return ExitCodes.Ok;
        });
        return command;
    }
}
