using System.CommandLine;
using System.CommandLine.Completions;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Networks.Importing;

namespace Unpress.Cli.Commands.Import;

/// <summary><c>unpress import FILE --as NAME -o OUT</c>: published weights into a model file that says which network it is for.</summary>
public static class ImportCommand
{
    public static Command Create()
    {
        var file =
            new Argument<string>("file") { Description = "File of weights: safetensors or a PyTorch checkpoint, which is read without running its code." };
        var name = new Option<string>("--as")
        {
            Description = "The network that the weights are for; 'unpress models' lists them.",
            HelpName = "NETWORK",
            Required = true,
        };
        // Asked only when it is completed: the catalogue loads libtorch, and every start makes the commands.
        name.CompletionSources.Add(_ => NetworkCatalog.All.Select(entry => new CompletionItem(entry.Name)));
        var set = new Option<string[]>("--set") { Description = "An option of the network that differs from its default: --set channels=1; may be repeated." };
        var output = new Option<string>("--output", "-o") { Description = "The model file to write (.safetensors).", Required = true };
        var half = new Option<bool>("--half") { Description = "Store as float16: half the size." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it exists." };
        var command = new Command("import", "Convert trained or published weights into a model file.") { file, name, set, output, half, overwrite };
        command.SetAction(parsed =>
        {
            string target = parsed.GetValue(output)!;
            if (!target.EndsWith(ModelFinder.WeightsExtension, StringComparison.OrdinalIgnoreCase))
                throw new ArgumentException($"{target}: a model file's name ends in {ModelFinder.WeightsExtension}");
            if (File.Exists(target) && !parsed.GetValue(overwrite))
                throw new ArgumentException($"{target}: exists; add --overwrite to replace it");
            WeightImport.Run(
                parsed.GetValue(file)!, target, NetworkCatalog.Find(parsed.GetValue(name)!), OptionText.Parse(parsed.GetValue(set)), parsed.GetValue(half),
                match => Report(match, parsed.InvocationConfiguration.Error));
            parsed.InvocationConfiguration.Output.WriteLine(target);
            return ExitCodes.Ok;
        });
        return command.WithExamples(
            "unpress import dncnn3.pth --as dncnn -o dncnn3.safetensors");
    }

    /// <summary>Every name that has no counterpart, on both sides: what was left out must be seen.</summary>
    private static void Report(WeightMatch match, TextWriter error)
    {
        if (match.Container.Length > 0)
            error.WriteLine($"unpress: took the tensors in '{match.Container}'{(match.Beside.Count > 0 ? $", not the {match.Beside.Count} beside them" : "")}");
        List("not needed here", match.Unneeded);
        List("missing in the file", match.Missing);
        List("not of this network", match.Unexpected);
        List("of another shape", match.OtherShape);

        void List(string title, IReadOnlyList<string> names)
        {
            foreach (string name in names)
                error.WriteLine($"unpress: {title}: {Printable.Of(name)}");
        }
    }
}
