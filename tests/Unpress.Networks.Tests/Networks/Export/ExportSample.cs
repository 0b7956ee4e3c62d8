using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Networks.Export;
using Unpress.Onnx;
using Unpress.Onnx.Schema;

namespace Unpress.Tests.Networks.Export;

/// <summary>A graph of a network, with the least that must be said of it.</summary>
internal static class ExportSample
{
    public static ModelProto Create(Network network, string name, string options, bool half = false)
        => OnnxExport.Create(network,
            new ModelFacts { Network = name, Options = JsonNode.Parse(options)!.AsObject(), Channels = 1, ReceptiveField = 0 }, half);
}
