using System.Text.Json;
using Spectre.Console;
using Unpress.Cli.Commands.Models;
using Unpress.Torch.Weights;

namespace Unpress.Cli.Commands.Info;

/// <summary>What a weight file says of itself, and its tensors.</summary>
internal static class WeightFilePrinter
{
    public static void Print(IAnsiConsole console, WeightFile file)
    {
        var facts = new Grid().AddColumn(new GridColumn().PadRight(2).NoWrap()).AddColumn();
        foreach (var (key, value) in file.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            facts.AddRow(new Text(Printable.Of(key), new Style(Color.Grey)), new Text(Printable.Of(value)));
        console.Write(facts);
        var table = new Table().Border(TableBorder.Simple).AddColumns("tensor", "type").AddColumn(new TableColumn("shape").RightAligned());
        foreach (var tensor in file.Tensors)
            table.AddRow(new Text(Printable.Of(tensor.Name)), new Text($"{tensor.DType}"), new Text(string.Join("x", tensor.Shape)));
        console.Write(table);
        console.WriteLine($"{file.Tensors.Count} tensors, {Amounts.Of(file.Tensors.Sum(tensor => tensor.ElementCount))} numbers");
    }

    public static void Json(TextWriter writer, WeightFile file) => writer.WriteLine(JsonSerializer.Serialize(
        new
        {
            path = file.Path,
            metadata = file.Metadata,
            tensors = file.Tensors.Select(tensor => new { name = tensor.Name, type = tensor.DType.ToString(), shape = tensor.Shape }),
        },
        JsonText.Options));
}
