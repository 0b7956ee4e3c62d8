using System.Globalization;
using System.Text.Json.Nodes;
using Unpress.Data;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Unpress.Recipes;

/// <summary>
/// A part of a recipe whose keys the reader does not know: the options of a network, a loss, a degradation. The catalog's entry
/// reads it, as strictly, with <see cref="Read{TOptions}"/>.
/// </summary>
public sealed class RecipeSection
{
    internal RecipeSection(YamlMappingNode node, string path, RecipeOrigins origins)
    {
        Node = node;
        Path = path;
        Origins = origins;
    }

    /// <summary>No options: all defaults.</summary>
    public static RecipeSection Empty { get; } = new([], "options", new RecipeOrigins("no recipe"));

    /// <summary>Where in the recipe it stands, such as "network".</summary>
    public string Path { get; }

    internal YamlMappingNode Node { get; }

    /// <summary>Keys of the same mapping that belong to whoever holds the section, such as "type".</summary>
    internal IReadOnlyList<string> Beside { get; init; } = [];

    internal RecipeOrigins Origins { get; }

    /// <summary>A section from YAML text, for code that has no recipe.</summary>
    public static RecipeSection Parse(string yaml) => RecipeDocument.Parse(yaml, "options").Root;

    /// <summary>The options as a typed record; unknown, duplicate, missing and bad values are faults.</summary>
    /// <exception cref="RecipeException">All faults together.</exception>
    public TOptions Read<TOptions>()
        where TOptions : class, new() => RecipeReader.Read<TOptions>(this);

    /// <summary>The options as JSON, for those who keep them beside weights; scalars become numbers and truth values where they are written so.</summary>
    public JsonObject ToJson() => (JsonObject)Convert(Node)!;

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(
            pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(Convert)]),
        YamlScalarNode scalar => Scalar(scalar),
        _ => null,
    };

    private static JsonValue Scalar(YamlScalarNode scalar)
    {
        string text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any))
            return JsonValue.Create(text);
        if (text is "true" or "false")
            return JsonValue.Create(text == "true");
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole))
            return JsonValue.Create(whole);
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double real) ? JsonValue.Create(real) : JsonValue.Create(text);
    }
}

/// <summary>Options that can say what is wrong with them, all faults at once.</summary>
public interface IHasFaults
{
    /// <summary>One line a fault, "member is value, must be …"; empty when all is well.</summary>
    IEnumerable<string> Faults();
}

/// <summary>Which patches are cut from the training pictures, before they are compressed.</summary>
public sealed record PatchOptions : IHasFaults
{
    /// <summary>Side of a patch in pixels.</summary>
    public int Size { get; init; } = 96;

    /// <summary>3: RGB, with gray pictures as three equal channels. 1: luma only, for networks published so.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Draw one of the 8 flips and quarter turns.</summary>
    public bool Augment { get; init; } = true;

    /// <summary>Share of colour patches made gray (and then compressed as gray files), 0..1.</summary>
    public double Gray { get; init; }

    public ImageWeighting Weighting { get; init; } = ImageWeighting.Area;

    public IEnumerable<string> Faults()
    {
        if (Size is < 8 or > 4096)
            yield return $"size is {Size}, must be 8..4096";
        if (Channels is not (1 or 3))
            yield return $"channels is {Channels}, must be 1 or 3";
        if (Gray is not (>= 0 and <= 1))
            yield return FormattableString.Invariant($"gray is {Gray}, must be 0..1");
    }
}

/// <summary>How often a training picture is drawn.</summary>
public enum ImageWeighting
{
    /// <summary>In proportion to its pixels: every place in the data is equally likely.</summary>
    Area,

    /// <summary>All pictures alike.</summary>
    Uniform,
}

/// <summary>Training pictures and what is cut from them.</summary>
public sealed record DataSection : IHasFaults
{
    /// <summary>Relative paths start at the current directory.</summary>
    public required IReadOnlyList<TrainingFolder> Folders { get; init; }

    /// <summary>Pictures smaller than this either way, after halving, are not used. Pixels.</summary>
    public int MinSize { get; init; } = 96;

    /// <summary>
    /// Brings whole pictures to so many pixels each way before anything is cut from them, whatever their shape (bilinear, with the kernel stretched where
    /// it shrinks, as torchvision's Resize does with Pillow's pictures). Left out: pictures keep their sizes.
    /// </summary>
    public int? Resize { get; init; }

    public PatchOptions Patch { get; init; } = new();

    public DegradationSection Degradation { get; init; } = new();

    /// <summary>Patches in a training step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Equal parts in which a batch goes through the networks, its gradients added up: for batches larger than the memory.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Patches are cut from pictures that were compressed before the training.</summary>
    internal bool Paired => Folders.Any(folder => folder.Copies is not null);

    /// <summary>Threads that make patches.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>Batches kept ready.</summary>
    public int Ahead { get; init; } = 4;

    /// <summary>Copy all pixels into memory first; for slow disks.</summary>
    public bool Preload { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Folders.Count == 0)
            yield return "folders is empty";
        if (Folders.Any(folder => folder.Path.Length > 0 == folder.DeadLeaves is not null))
            yield return "folders: each needs either a path or deadLeaves";
        if (Folders.Any(folder => folder.DeadLeaves < 1))
            yield return "folders: deadLeaves must be 1 or more pictures";
        if (Folders.Any(folder => folder.Copies is not null && (folder.Halve || folder.DeadLeaves is not null)))
            yield return "folders: one that names copies can neither halve its pictures nor make them";
        if (Resize is < 8 or > 4096)
            yield return $"resize is {Resize}, must be 8..4096";
        if (Resize is not null && Paired)
            yield return "resize and copies exclude each other: copies were compressed at the pictures' own size";
        if (Folders.Any(folder => folder.Pictures < 1))
            yield return "folders: pictures must be 1 or more";
        foreach (var (name, value) in new[] { ("minSize", MinSize), ("batch", Batch), ("accumulate", Accumulate), ("workers", Workers), ("ahead", Ahead) })
        {
            if (value < 1)
                yield return $"{name} is {value}, must be 1 or more";
        }

        if (Accumulate > 0 && Batch % Accumulate != 0)
            yield return $"accumulate is {Accumulate}, must divide the batch of {Batch}";
    }
}

/// <summary>How training patches are damaged; the kind's own options stand beside the type.</summary>
public sealed record DegradationSection
{
    /// <summary>The codec: jpeg, hevc, webp, avif or jp2; or history, saved as JPEG again and again.</summary>
    public string Type { get; init; } = "jpeg";

    public RecipeSection Options { get; init; } = RecipeSection.Empty;
}
