using System.CommandLine;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Models;

/// <summary><c>unpress models</c>: the networks there are, what they cost, and which have weights here.</summary>
public static class ModelsCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print JSON instead of tables." };
        var markdown = new Option<bool>("--markdown") { Description = "Print the tables of docs/networks.md: ours beside what is published." };
        var command = new Command("models", "List the networks with parameters, operations, receptive field and the weights at hand.")
        {
            json, markdown, FetchCommand.Create(),
        };
        command.SetAction(parsed =>
        {
            var networks = NetworkRow.All();
            if (parsed.GetValue(markdown))
            {
                parsed.InvocationConfiguration.Output.Write(ModelsMarkdown.Of(networks));
                return ExitCodes.Ok;
            }

            var (discriminators, backbones) = (PartRow.Discriminators(), PartRow.Backbones());
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
