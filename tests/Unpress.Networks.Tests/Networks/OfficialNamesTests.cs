using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>
/// Names and shapes of published weights, full size: a file of <c>names/</c> says in its first line which network with which options has
/// them, then one tensor a line. Weights so named load without a map.
/// </summary>
public sealed class OfficialNamesTests
{
    private static readonly string Folder = RepoPaths.Combine("tests", "Unpress.Networks.Tests", "Networks", "names");

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_network_has_the_official_names_and_shapes(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(Folder, file + ".txt"));
        string[] header = lines[0].Split(' ', 3); // # network {options}
        using var shapes = ShapesOnly.Enter();
        using var network = NetworkCatalog.Find(header[1]).Create(JsonNode.Parse(header[2])!.AsObject());
        var ours = network.StateDict().Select(entry => $"{entry.Name} [{string.Join(',', entry.Tensor.Shape)}]");
        Assert.Equal(lines.Skip(1).Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }
}
