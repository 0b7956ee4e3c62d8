using System.Text.Json;
using Google.Protobuf;
using Unpress.Cli.Tests.Enhance;
using Unpress.Tests.Models;

namespace Unpress.Cli.Tests.Commands;

public sealed class CycleCommandTests : IDisposable
{
    private readonly RestoringFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_cycle_is_measured_and_damages_the_picture_of_the_one_before()
    {
        string csv = _folder.At("rows.csv");
        var result = Cycle("-q", "20", "--cycles", "3", "-m", "psnr", "--json", "--csv", csv);
        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        var root = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(2, root.GetProperty("pictures").GetInt32());
        var mean = Assert.Single(root.GetProperty("means").EnumerateArray());
        double[] values = [.. mean.GetProperty("values").EnumerateArray().Select(value => value.GetDouble())];
        Assert.Equal(4, values.Length); // compressed, then three cycles
        // The model darkens every picture by one level a time.
        Assert.Equal(values.OrderDescending(), values);
        Assert.Equal(1 + (2 * 4), File.ReadLines(csv).Count());
    }

    [Fact]
    public void Consistent_pictures_stay_in_their_cells_whatever_the_model_does()
    {
        Assert.True(AfterThree("--consistent") > AfterThree(), "three levels of DC are outside the cell at this quality");

        double AfterThree(params string[] more)
            => JsonDocument.Parse(Cycle(["-q", "90", "--cycles", "3", "-m", "psnr", "--json", .. more]).Output).RootElement
                .GetProperty("means")[0].GetProperty("values")[3].GetDouble();
    }

    [Fact]
    public void Without_qualities_it_takes_the_papers()
    {
        var root = JsonDocument.Parse(Cycle("--cycles", "2", "-m", "psnr", "--json").Output).RootElement;
        Assert.Equal([30, 40, 50, 60], root.GetProperty("means").EnumerateArray().Select(mean => mean.GetProperty("quality").GetInt32()));
    }

    [Fact]
    public void Facts_of_a_file_of_others_are_told_as_to_enhance()
    {
        // A level brighter in 0..255 is a level brighter; in 0..1 it is white.
        string model = _folder.At("theirs.onnx");
        var theirs = BadModels.Valid();
        theirs.Graph.Initializer[0] = OnnxGraphs.Floats("t", [3, 1, 1], 1, 1, 1);
        File.WriteAllBytes(model, theirs.ToByteArray());
        string[] arguments = ["cycle", _folder.Pictures, "--model", model, "-q", "20", "--cycles", "2", "-m", "psnr", "--json"];
        var told = CommandLine.Run([.. arguments, "--facts", "range=0..255, layout=nchw"]);
        Assert.Equal("", told.Error);
        Assert.InRange(After(told.Output), 20, 50);
        Assert.InRange(After(CommandLine.Run(arguments).Output), 0, 15); // what enhance refuses is measured all the same
        Assert.Equal(ExitCodes.Usage, CommandLine.Run([.. arguments, "--facts", "rnage=1"]).ExitCode);
        Assert.Equal(ExitCodes.Usage, CommandLine.Run(["cycle", _folder.Pictures, "--model", _folder.Model, "--facts", "range=0..255"]).ExitCode);
    }

    private static double After(string json) => JsonDocument.Parse(json).RootElement.GetProperty("means")[0].GetProperty("values")[2].GetDouble();

    [Fact]
    public void A_missing_original_is_named_and_the_others_are_done()
    {
        string missing = _folder.At("nowhere.png");
        var result = CommandLine.Run("cycle", _folder.Pictures, missing, "--model", _folder.Model, "-q", "20", "--cycles", "2", "-m", "psnr");
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        Assert.Contains(missing, result.Error, StringComparison.Ordinal);
        Assert.Contains("2 pictures", result.Output, StringComparison.Ordinal);
        Assert.Contains("DI %", result.Output, StringComparison.Ordinal);
    }

    private CommandLineResult Cycle(params string[] arguments)
        => CommandLine.Run(["cycle", _folder.Pictures, "--model", _folder.Model, .. arguments]);
}
