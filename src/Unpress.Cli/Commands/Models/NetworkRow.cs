using Unpress.Models;
using Unpress.Networks;
using Unpress.Networks.Profiling;

namespace Unpress.Cli.Commands.Models;

/// <summary>A network with what it costs and the weights at hand.</summary>
internal sealed record NetworkRow(NetworkEntry Entry, NetworkProfile Profile, IReadOnlyList<string> Weights)
{
    /// <summary>All networks of the catalogue with their default options.</summary>
    public static IReadOnlyList<NetworkRow> All()
    {
        var files = ModelFinder.All().ToLookup(ModelFile.NetworkOf, StringComparer.OrdinalIgnoreCase);
        return [.. NetworkCatalog.All.Select(entry => new NetworkRow(entry, NetworkProfile.Of(entry), [.. files[entry.Name]]))];
    }

    /// <summary>Pixels a side that one pixel of the output depends on.</summary>
    public string Sees => Profile.Global ? "all" : $"{Profile.ReceptiveField}";

    /// <summary>What it takes besides the pixels.</summary>
    public string Takes
    {
        get
        {
            var (uses, needs) = (Profile.Facts.Uses, Profile.Facts.Needs);
            var words = Enum.GetValues<Knowledge>().Where(one => one != Knowledge.None && (uses | needs).HasFlag(one))
                .Select(one => Word(one) + (needs.HasFlag(one) ? "" : "?"));
            return string.Join(", ", words);
        }
    }

    private static string Word(Knowledge one) => one switch
    {
        Knowledge.Jpeg => "JPEG file",
        Knowledge.Quality => "quality",
        _ => "noise",
    };
}
