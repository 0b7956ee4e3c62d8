using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Unpress.Networks;

namespace Unpress.Cli.Commands.Import;

/// <summary><c>unpress import FILE --as NAME -o OUT</c>: published weights into a model file that says which network it is for.</summary>
public static class ImportCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "Weights: safetensors or a PyTorch checkpoint (read without running code)." };
        var name = new Option<string>("--as") { Description = "The network they are for.", Required = true };
        name.AcceptOnlyFromAmong([.. NetworkCatalog.All.Select(entry => entry.Name)]);
        var options = new Option<string?>("--options") { Description = "The network's options as JSON, where they differ from its defaults." };
        var output = new Option<string>("--output", "-o") { Description = "The model file to write (.safetensors).", Required = true };
        var half = new Option<bool>("--half") { Description = "Store as float16: half the size." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace the file if it exists." };
        var command = new Command("import", "Turn trained or published weights into a model file.") { file, name, options, output, half, overwrite };
        command.SetAction(parsed =>
        {
            string target = parsed.GetValue(output)!;
            if (File.Exists(target) && !parsed.GetValue(overwrite))
                throw new ArgumentException($"{target}: exists; add --overwrite to replace it");
            WeightImport.Run(parsed.GetValue(file)!, target, NetworkCatalog.Find(parsed.GetValue(name)!), Options(parsed.GetValue(options)), parsed.GetValue(half));
            Console.WriteLine(target);
            return ExitCodes.Ok;
        });
        return command;
    }

    private static JsonObject? Options(string? json)
    {
        try
        {
            return json is null ? null : JsonNode.Parse(json)?.AsObject();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new ArgumentException($"--options: not a JSON object: {json}", error);
        }
    }
}
