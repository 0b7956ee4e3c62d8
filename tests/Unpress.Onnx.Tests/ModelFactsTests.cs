using System.Text.Json;
using System.Text.Json.Nodes;
using Unpress.Onnx.Schema;

namespace Unpress.Onnx.Tests;

public class ModelFactsTests
{
    [Fact]
    public void EveryFactReturns()
    {
        var facts = new ModelFacts
        {
            Network = "gated",
            Options = new JsonObject { ["width"] = 8, ["blocks"] = new JsonArray(1, 2) },
            Channels = 1,
            ReceptiveField = 40,
            SizeMultiple = 8,
            LeastSide = 15,
            Padding = PaddingPlace.Outside,
            Range = new ValueRange(-1, 255.5),
            Layout = TensorLayout.Nhwc,
            Colours = ColourOrder.Bgr,
            SeesWhole = true,
            Uses = ModelInputs.Quality | ModelInputs.Jpeg,
            Needs = ModelInputs.Jpeg,
            Sampling = "4:2:0",
            Surveys = ["need", "exit"],
            FullTo = 98,
            BytesPerPixel = 812.25,
            FixedBytes = 12345678901,
            WeightsSha256 = new string('a', 64),
            Shared = new Dictionary<string, string> { ["b.weight"] = "a.weight" },
            Description = "For drawings, screens and text.",
            Codec = "jpeg",
            Recipe = "unpress",
            Data = "BSDS500",
            Licence = "MIT",
            MadeBy = "unpress train",
            Steps = 7500,
            Hours = 1.05,
            Other = new Dictionary<string, string> { ["author"] = "somebody" },
        };

        var read = FactKeys.Read("x.onnx", FactKeys.Write(facts))!;

        // Records compare their collections by reference: as text they are compared by what is in them.
        Assert.Equal(JsonSerializer.Serialize(facts), JsonSerializer.Serialize(read));
    }

    [Fact]
    public void WhatIsNotSaidTakesTheDocumentedDefaults()
    {
        var read = FactKeys.Read("x.onnx", new Dictionary<string, string>
        {
            ["unpress.format"] = "1",
            ["unpress.network"] = "theirs",
            ["unpress.channels"] = "3",
            ["unpress.receptive-field"] = "16",
        })!;

        Assert.Equal(JsonSerializer.Serialize(new ModelFacts { Network = "theirs", Channels = 3, ReceptiveField = 16 }),
            JsonSerializer.Serialize(read));
    }

    [Fact]
    public void AFileOfOthersHasNone() => Assert.Null(FactKeys.Read("x.onnx", new Dictionary<string, string> { ["author"] = "somebody" }));

    [Theory]
    [InlineData("format", "2", "newer")]
    [InlineData("channels", "2", "channels")]
    [InlineData("channels", "", "channels")]
    [InlineData("receptive-field", "-1", "receptive-field")]
    [InlineData("size-multiple", "0", "size-multiple")]
    [InlineData("range", "1..0", "range")]
    [InlineData("range", "0..Infinity", "range")]
    [InlineData("layout", "chwn", "layout")]
    [InlineData("uses", "quality, magic", "uses")]
    [InlineData("options", "[1]", "options")]
    [InlineData("options", "{", "options")]
    [InlineData("shared", "{\"a\":1}", "shared")]
    [InlineData("bytes-per-pixel", "NaN", "bytes-per-pixel")]
    public void AValueThatMakesNoSenseIsNamed(string key, string value, string named)
    {
        var metadata = FactKeys.Write(SmallModel.Facts).ToDictionary();
        metadata[FactKeys.Prefix + key] = value;

        var error = Assert.Throws<OnnxFileException>(() => FactKeys.Read("x.onnx", metadata));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TheFactsAloneAreThoseOfTheWholeFile()
    {
        using var folder = new TemporaryFolder();
        var model = SmallModel.Create();
        model.MetadataProps.Add(new StringStringEntryProto { Key = "author", Value = "somebody" });
        string path = SmallModel.Save(folder, model);

        var quick = OnnxFile.ReadFacts(path);

        Assert.Equal("somebody", quick!.Other["author"]);
        Assert.Equal(JsonSerializer.Serialize(OnnxFile.Read(path).Facts), JsonSerializer.Serialize(quick));
    }
}
