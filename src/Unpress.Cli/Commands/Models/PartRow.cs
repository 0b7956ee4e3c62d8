using Unpress.Downloads;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Models;

/// <summary>A discriminator or a backbone with what it costs and the published weights at hand.</summary>
internal sealed record PartRow(string Name, string Paper, LayerProfile Layers, IReadOnlyList<string> Weights)
{
    public static IReadOnlyList<PartRow> Discriminators()
        => [.. DiscriminatorCatalog.All.Select(entry => new PartRow(entry.Name, entry.Paper, PartProfile.Of(entry), []))];

    public static IReadOnlyList<PartRow> Backbones()
        => [.. BackboneCatalog.All.Select(entry => new PartRow(entry.Name, entry.Paper, PartProfile.Of(entry), AtHand(entry.Name)))];

    private static string[] AtHand(string name)
        => [.. OfficialFiles.All.Where(file => file.For == name).Select(OfficialFiles.PathOf).OfType<string>()];
}
