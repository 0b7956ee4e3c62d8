using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>Whatever stands in a recipe, on a command line or in a weight file: options make a network or are an error that says why.</summary>
public sealed class OptionRangeTests
{
    private static readonly Dictionary<string, (Func<JsonObject?, object> Create, Func<JsonObject?, JsonObject> Resolve)> Makers =
        NetworkCatalog.All.Select(entry => (entry.Name, ((Func<JsonObject?, object>)entry.Create, (Func<JsonObject?, JsonObject>)entry.Resolve)))
            .Concat(DiscriminatorCatalog.All.Select(
                entry => (entry.Name, ((Func<JsonObject?, object>)entry.Create, (Func<JsonObject?, JsonObject>)entry.Resolve))))
            .Concat(BackboneCatalog.All.Select(entry => (entry.Name, ((Func<JsonObject?, object>)entry.Create, entry.Factory.Resolve))))
            .ToDictionary(maker => maker.Name, maker => maker.Item2);

    // These are numbers of other kinds: any finite one will do, or some below 1 have a meaning.
    private static readonly string[] Free = ["range", "noiseDeviation", "threshold", "start"];

    public static TheoryData<string> Names => [.. Makers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Numbers_out_of_range_are_errors_of_usage(string name)
    {
        using var shapes = ShapesOnly.Enter();
        using var scope = TensorScope.Enter();
        foreach (var (option, value) in Makers[name].Resolve(null))
        {
            foreach (int wrong in new[] { -2, 0x7000_0000 })
            {
                JsonNode? instead = value switch
                {
                    JsonArray list => new JsonArray([.. list.Select(_ => (JsonNode)wrong)]),
                    JsonValue one when one.GetValueKind() == System.Text.Json.JsonValueKind.Number => wrong,
                    _ => null,
                };
                if (instead is null || Free.Contains(option))
                    continue;
                var error = Record.Exception(() => Makers[name].Create(new JsonObject { [option] = instead }));
                Assert.True(
                    error is ArgumentException { ParamName: null }, $"{name}: {option} = {instead.ToJsonString()} gives {error?.ToString() ?? "a network"}");
            }
        }
    }

    [Theory]
    [InlineData("arcnn", """{ "width": 3 }""", "network arcnn has no option 'width'; it has channels, widths, residual, pRelu")]
    [InlineData("alexnet", """{ "width": 3 }""", "backbone alexnet has no option 'width'; it has none")]
    [InlineData("arcnn", """{ "widths": [64, "a", 16] }""", "network arcnn: widths is [64,\"a\",16], must be whole numbers in brackets, [1,2,3]")]
    [InlineData("arcnn", """{ "widths": [64, 32] }""", "widths is [64,32], must be 3 numbers, each 1 to 65536")]
    [InlineData("dncnn", """{ "depth": 17.5 }""", "network dncnn: depth is 17.5, must be a whole number")]
    [InlineData("dncnn", """{ "depth": 2 }""", "depth is 2, must be 3 to 1000")]
    [InlineData("dncnn", """{ "subtract": 1 }""", "network dncnn: subtract is 1, must be true or false")]
    [InlineData("dagn", """{ "fusion": "some" }""", "network dagn: fusion is \"some\", must be none, added, joined, literal")]
    [InlineData("swinir", """{ "depths": [1, 2] }""", "heads is [6,6,6,6,6,6], must be 2 numbers, each 1 to 1000")]
    [InlineData("gated", """{ "options": { "depth": 2 } }""", "depth is 2, must be 3 to 1000")]
    [InlineData("dcgan2", """{ "kernel": -1 }""", "kernel is -1, must be 1 to 31")]
    public void The_message_says_what_is_wrong_in_the_words_of_the_options(string name, string options, string message)
    {
        using var shapes = ShapesOnly.Enter();
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Makers[name].Create(JsonNode.Parse(options)!.AsObject())).Message);
    }

    [Fact]
    public void Words_are_read_in_any_case()
        => Assert.Equal("joined", NetworkCatalog.Find("dagn").Resolve(new JsonObject { ["fusion"] = "Joined" })["fusion"]!.GetValue<string>());
}
