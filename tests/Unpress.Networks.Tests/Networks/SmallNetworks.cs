using System.Text.Json.Nodes;
using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Networks;

/// <summary>Every network of the catalogue small enough for tests, with something to know for those that know more than pixels.</summary>
internal static class SmallNetworks
{
    private static readonly Dictionary<string, string> Sizes = new()
    {
        ["arcnn"] = """{ "widths": [6, 4, 3] }""",
        ["encoder"] = """{ "width": 2, "blocks": [1, 1, 1, 1, 1] }""",
        ["dncnn"] = """{ "width": 4, "depth": 5 }""",
        ["unpress"] = """{ "width": 4, "blocks": [1, 1, 1] }""",
        ["unpress-naf"] = """{ "width": 4, "blocks": [1, 1, 1] }""",
        ["srgan"] = """{ "width": 4, "blocks": 2 }""",
        ["esrgan"] = """{ "width": 4, "blocks": 1, "growth": 3 }""",
        ["realesrgan"] = """{ "width": 4, "blocks": 1, "growth": 3, "scale": 2 }""",
        ["iegan"] = """{ "width": 4, "blocks": 2 }""",
        ["dcad"] = """{ "width": 4, "depth": 4 }""",
        ["rdn"] = """{ "width": 4, "growth": 3, "blocks": 2, "layers": 2 }""",
        ["mwcnn"] = """{ "width": 2 }""",
        ["rnan"] = """{ "width": 4, "groups": 2, "window": 4, "range": 1 }""",
        ["cbdnet"] = """{ "estimatorWidth": 8, "width": 4 }""",
        ["rbqe"] = """{ "width": 3, "depth": 3, "earlyExit": false }""",
        ["mprnet"] = """{ "width": 8, "uNetGrowth": 4, "fullSizeGrowth": 4, "blocks": 1, "reduction": 1 }""",
        ["dmcnn"] = """{ "widths": [4, 6, 6], "dilations": [2] }""",
        ["ddcn"] = """{ "width": 4, "depth": 3 }""",
        ["d3"] = """{ "atoms": 20 }""",
        ["tnrd"] = """{ "stages": 2, "filterSize": 3 }""",
        ["qgac"] = """{ "features": 8, "planes": 4, "frequencyWidth": 1, "chromaWidth": 2, "manifoldWidth": 8 }""",
        ["daqe"] = """{ "width": 8, "patch": 8, "heads": 2 }""",
        ["one-to-many"] = """{ "channels": 3, "width": 4, "branchUnits": 1, "aggregationUnits": 2, "qualityAware": true }""",
        ["dagn"] = """{ "widths": [4, 4, 6, 8], "blocks": 1, "encoderWidth": 2, "encoderBlocks": [1, 1, 1, 1], "guiderWidth": 16, "freezeEncoders": false }""",
        ["dagn-autoencoder"] = """{ "encoderWidth": 8, "encoderBlocks": [1, 1, 1, 1], "decoderWidth": 64 }""",
        ["ipt"] = """{ "width": 2, "patch": 8, "token": 2, "heads": 2, "layers": 1, "stride": 2 }""",
        ["swinir"] = """{ "width": 8, "depths": [2, 3], "heads": [2, 4], "window": 3, "trainingSize": 9, "dropPath": 0 }""",
        ["gated"] = """{ "network": "dncnn", "options": { "channels": 3, "width": 4, "depth": 5 }, "width": 3, "start": 0 }""",
        ["fbcnn"] = """{ "widths": [4, 6, 6, 8], "blocks": 2 }""",
    };

    /// <summary>The options of the small one; null where the default is small.</summary>
    public static JsonObject? Options(string name) => Sizes.TryGetValue(name, out string? json) ? JsonNode.Parse(json)!.AsObject() : null;

    /// <summary>Parts that learn from labels of their own: the picture's loss gives them nothing.</summary>
    public static bool LearnsElsewhere(string parameter) => parameter.StartsWith("denet.", StringComparison.Ordinal);

    /// <summary>Weights that start at zero get some, so that gradients and receptive fields show.</summary>
    /// <param name="options">Others than the small ones; null for those.</param>
    public static Network Make(string name, JsonObject? options = null)
    {
        TorchRuntime.Seed(3);
        var network = NetworkCatalog.Find(name).Create(options ?? Options(name));
        // It starts so small that the step of a slope check would turn many of its ReLUs.
        if (network is RrdbNet)
            Parity.Formula.Fill(network);
        foreach (var (parameter, tensor) in network.NamedParameters())
            if (parameter.StartsWith("tail.", StringComparison.Ordinal) || parameter.Contains(".W.", StringComparison.Ordinal))
                Init.Normal(tensor, 0, 0.05);
        return network;
    }

    /// <summary>What the network needs besides pixels, with random coefficients.</summary>
    public static Conditions Know(Network network, int height, int width)
    {
        var blank = Conditions.Blank(network.Facts, height, width);
        if (network.Facts.Uses.HasFlag(Knowledge.Noise))
            blank = blank with { Noise = Tensor.Randn([1, 1, height, width]) };
        return blank.Jpeg is null
            ? blank
            : blank with { Jpeg = new JpegTensors([.. blank.Jpeg.Planes.Select(Random)]) };
    }

    /// <summary>The coefficients of the first columns of pixels changed, if there are any.</summary>
    public static Conditions Change(Conditions known, int columns) => known.Jpeg is not { } jpeg ? known : known with
    {
        Jpeg = new JpegTensors([.. jpeg.Planes.Select(plane =>
        {
            var changed = plane.Coefficients.Clone();
            changed.Narrow(3, 0, columns * plane.Horizontal * 8 / jpeg.McuWidth).Fill(1);
            return plane with { Coefficients = changed };
        })]),
    };

    private static JpegPlane Random(JpegPlane plane)
        => plane with { Coefficients = Round.Call(Tensor.Randn(plane.Coefficients.Shape)), Table = plane.Table * 20 };

    private static readonly Op Round = Op.Find("aten::round");
}
