using System.CommandLine;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Models;

/// <summary><c>unpress models</c>: the networks there are, what they cost, and which have weights here.</summary>
public static class ModelsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON instead of tables." };
        var command = new Command("models", "List the networks with parameters, operations, receptive field and the weights at hand.")
        {
            json, FetchCommand.Create(),
        };
        command.SetAction(parsed =>
        {
            var (networks, discriminators, backbones) = (NetworkRow.All(), PartRow.Discriminators(), PartRow.Backbones());
            if (parsed.GetValue(json))
            {
                ModelsPrinter.Json(parsed.InvocationConfiguration.Output, networks, discriminators, backbones);
                return ExitCodes.Ok;
            }

            var console = ResultConsole.For(parsed);
            ModelsPrinter.Networks(console, networks);
            ModelsPrinter.Parts(console, "discriminator", PartProfile.DiscriminatorSide, discriminators);
            ModelsPrinter.Parts(console, "backbone", PartProfile.BackboneSide, backbones);
            return ExitCodes.Ok;
        });
        return command;
    }
}
