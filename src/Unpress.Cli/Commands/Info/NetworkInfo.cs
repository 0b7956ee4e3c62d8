using System.Globalization;
using System.Text.Json.Nodes;
using Unpress.Cli.Commands.Models;
using Unpress.Networks;
using Unpress.Networks.Backbones;
using Unpress.Networks.Discriminators;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Info;

/// <summary>What is said of a network, a discriminator or a backbone: its facts, in order, and its layers.</summary>
internal sealed record NetworkInfo(IReadOnlyList<(string Name, string Value)> Facts, LayerProfile Layers)
{
    /// <exception cref="ArgumentException">No catalogue has it, or an option is wrong.</exception>
    public static NetworkInfo Of(string name, JsonObject? options)
    {
        if (DiscriminatorCatalog.All.FirstOrDefault(entry => Is(entry.Name)) is { } discriminator)
        {
            var layers = PartProfile.Of(discriminator, options);
            return new NetworkInfo(
                [
                    ("discriminator", $"{discriminator.Name}: {discriminator.Summary}"),
                    ("paper", discriminator.Paper),
                    ("options", discriminator.Resolve(options).ToJsonString()),
                    .. Cost(layers, PartProfile.DiscriminatorSide),
                ],
                layers);
        }

        if (BackboneCatalog.All.FirstOrDefault(entry => Is(entry.Name)) is { } backbone)
        {
            var layers = PartProfile.Of(backbone, options);
            return new NetworkInfo([("backbone", backbone.Name), ("paper", backbone.Paper), .. Cost(layers, PartProfile.BackboneSide)], layers);
        }

        return Of(NetworkCatalog.Find(name), options);

        bool Is(string entry) => entry.Equals(name, StringComparison.OrdinalIgnoreCase);
    }

    private static NetworkInfo Of(NetworkEntry entry, JsonObject? options)
    {
        var profile = NetworkProfile.Of(entry, options);
        string sees = $"{profile.ReceptiveField} pixels a side{(profile.Global ? ", and the whole picture" : "")}; sizes in steps of {profile.Facts.SizeMultiple}";
        return new NetworkInfo(
            [
                ("network", $"{entry.Name}: {entry.Summary}"),
                ("paper", entry.Paper),
                .. entry.Licence is null ? Array.Empty<(string, string)>() : [("licence", entry.Licence)],
                ("options", entry.Resolve(options).ToJsonString()),
                .. Cost(profile.Layers, NetworkProfile.UsualSide),
                ("sees", sees),
            ],
            profile.Layers);
    }

    private static (string Name, string Value)[] Cost(LayerProfile layers, int side) =>
    [
        ("parameters", layers.Parameters.ToString("N0", CultureInfo.InvariantCulture)),
        ("MACs", $"{Amounts.Of(layers.Work.True)} for {side}x{side}; {Amounts.Of(layers.Work.Table)} as published tables count"),
    ];
}
