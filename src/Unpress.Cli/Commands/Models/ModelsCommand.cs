using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Unpress.Networks;
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
        return command.WithExamples(
            "unpress models",
            "unpress models --json # for programs");
    }
}

/// <summary>The tables of docs/networks.md: what every network costs, and how that compares with what is published.</summary>
internal static class ModelsMarkdown
{
    public static string Of(IReadOnlyList<NetworkRow> networks)
    {
        var text = new StringBuilder();
        Line(text, "network", "what it is", "parameters", "MACs", "MACs in tables", "sees", "bands", "takes", "paper");
        Line(text, "---", "---", "--:", "--:", "--:", "--:", "--:", "---", "---");
        foreach (var row in networks)
        {
            var layers = row.Profile.Layers;
            Line(
                text, $"`{row.Entry.Name}`", row.Entry.Summary, Amounts.Of(layers.Parameters), Amounts.Of(layers.Work.True), Amounts.Of(layers.Work.Table),
                row.Sees, $"{row.Profile.Facts.Channels}", row.Takes, row.Entry.Paper);
        }

        text.Append('\n');
        Line(text, "network", "options", "parameters", "MACs", "MACs in tables", "published by", "why ours differ");
        Line(text, "---", "---", "---", "---", "---", "---", "---");
        foreach (var figure in PublishedComplexities.All)
        {
            var layers = NetworkProfile.Of(NetworkCatalog.Find(figure.Network), JsonNode.Parse(figure.Options)!.AsObject()).Layers;
            Line(
                text, $"`{figure.Network}`", figure.Options == "{}" ? "" : $"`{figure.Options}`", Compared(figure.Parameters, layers.Parameters),
                Compared(figure.Macs, layers.Work.True), Compared(figure.TableMacs, layers.Work.Table), figure.Source, figure.Why ?? "");
        }

        return text.ToString();
    }

    /// <summary>Published, ours, and the difference in percent of the published.</summary>
    private static string Compared(double? published, double ours)
    {
        if (published is not { } theirs)
            return "";
        double percent = Math.Round(100 * (ours - theirs) / theirs, 2);
        string difference = theirs == ours ? "equal" : string.Create(CultureInfo.InvariantCulture, $"{percent:+0.00;-0.00;0.00} %");
        return $"{Amounts.Of(theirs)}, ours {Amounts.Of(ours)}, {difference}";
    }

    private static void Line(StringBuilder text, params string[] cells) => text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
