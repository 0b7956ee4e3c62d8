using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Losses;
using Unpress.Metrics;
using Unpress.Models;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>An experiment as closed data: which pictures, how compressed, enhanced by what, measured how.</summary>
public sealed record LabRecipe : IHasFaults
{
    /// <summary>Names the run.</summary>
    public required string Name { get; init; }

    /// <summary>The table or figure it reproduces, if any.</summary>
    public string? Paper { get; init; }

    public string? Notes { get; init; }

    /// <summary>Every experiment but "efficiency" needs one or more.</summary>
    public IReadOnlyList<SetSection> Sets { get; init; } = [];

    /// <inheritdoc cref="Sets"/>
    public IReadOnlyList<CompressionSection> Compression { get; init; } = [];

    /// <summary>Turn originals into studio-swing luma first, as papers on gray JPEG do.</summary>
    public bool Gray { get; init; }

    /// <summary>Left out: the compressed pictures are measured and nothing else.</summary>
    public IReadOnlyList<EnhancerSection> Enhancers { get; init; } = [];

    /// <summary>Names in the catalogue of metrics, of pictures and of sets.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [.. MetricCatalog.Default.Select(metric => metric.Name)];

    /// <summary>Of the experiment "cycle".</summary>
    public CycleSection? Cycle { get; init; }

    /// <summary>Of the experiment "bias".</summary>
    public BiasSection? Bias { get; init; }

    /// <summary>Of the experiment "downstream".</summary>
    public DownstreamSection? Downstream { get; init; }

    /// <summary>Of the experiment "ablation".</summary>
    public AblationSection? Ablation { get; init; }

    /// <summary>Of the experiment "efficiency".</summary>
    public EfficiencySection? Efficiency { get; init; }

    /// <summary>Of the experiment "candidates".</summary>
    public CandidatesSection? Candidates { get; init; }

    public KeepSection Keep { get; init; } = new();

    /// <summary>Reads a recipe file, lays overlays and then overrides over it, and checks it.</summary>
    /// <exception cref="RecipeException">Everything that is wrong with it.</exception>
    public static LabRecipe Load(string path, IEnumerable<string>? overlays = null, IEnumerable<string>? sets = null) =>
        From(RecipeDocument.Load(path), overlays, sets);

    /// <inheritdoc cref="Load"/>
    public static LabRecipe Parse(string yaml, string name, IEnumerable<string>? overlays = null, IEnumerable<string>? sets = null) =>
        From(RecipeDocument.Parse(yaml, name), overlays, sets);

    /// <summary>The whole recipe, defaults included.</summary>
    public string ToYaml() => RecipeWriter.ToYaml(this);

    public IEnumerable<string> Faults()
    {
        if (Name.Length == 0 || Name.AsSpan().ContainsAny("/\\\n"))
            yield return $"name is '{Name}', must be usable as a folder's name";
        if (Metrics.All(MetricCatalog.IsOfSets))
            yield return "metrics names none of single pictures, such as psnr";
        foreach (string fault in Metrics.Select(MetricFault).OfType<string>())
            yield return fault;
        foreach (string twice in Twice())
            yield return $"'{twice}' is there twice";
    }

    /// <summary>Names of sets, enhancers and codecs that are there more than once.</summary>
    internal IEnumerable<string> Twice() => Twice(Sets.Select(set => set.Name))
        .Concat(Twice(Enhancers.SelectMany(enhancer => enhancer.OfEach()).Select(enhancer => enhancer.Name)))
        .Concat(Twice(Compression.Select(one => one.Codec)));

    /// <summary>The sections that only one experiment reads, by its name.</summary>
    internal IEnumerable<string> OwnSections() =>
        from section in new (string Name, object? Value)[]
        {
            ("cycle", Cycle), ("bias", Bias), ("downstream", Downstream), ("ablation", Ablation), ("efficiency", Efficiency), ("candidates", Candidates),
        }
        where section.Value is not null
        select section.Name;

    private static string? MetricFault(string name)
    {
        try
        {
            if (!MetricCatalog.IsOfSets(name))
                MetricCatalog.Find(name);
            return null;
        }
        catch (ArgumentException error)
        {
            return error.Message;
        }
    }

    private static IEnumerable<string> Twice(IEnumerable<string> names) =>
        names.GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key);

    private static LabRecipe From(RecipeDocument document, IEnumerable<string>? overlays, IEnumerable<string>? sets)
    {
        foreach (string overlay in overlays ?? [])
            document.Overlay(overlay);
        foreach (string set in sets ?? [])
            document.Set(set);
        var recipe = RecipeReader.Read<LabRecipe>(document.Root);
        return recipe with { Enhancers = [.. recipe.Enhancers.SelectMany(enhancer => enhancer.OfEach())] };
    }
}

/// <summary>Which pictures are kept for the report.</summary>
public sealed record KeepSection : IHasFaults
{
    /// <summary>Of each set, the first so many.</summary>
    public int Pictures { get; init; } = 2;

    /// <summary>Of the enhanced ones, those after these cycles; left out: all.</summary>
    public IReadOnlyList<int>? Cycles { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Pictures < 0)
            yield return $"pictures is {Pictures}, must be 0 or more";
    }
}

/// <summary>What the enhancers of an ablation differ in.</summary>
public sealed record AblationSection : IHasFaults
{
    /// <summary>The enhancer that the others are compared with: the one without any of the parts, or the whole.</summary>
    public required string Baseline { get; init; }

    /// <summary>The parts that some of the enhancers have.</summary>
    public required IReadOnlyList<AblationSwitch> Switches { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Switches.Count == 0)
            yield return "switches is empty";
    }
}

/// <summary>How the bias towards the compressed domain is measured.</summary>
public sealed record BiasSection : IHasFaults
{
    /// <summary>Those whose realism scores are measured.</summary>
    public IReadOnlyList<DiscriminatorUnderTest> Discriminators { get; init; } = [];

    /// <summary>Pixels a side of the crops that they judge.</summary>
    public int Crop { get; init; } = 128;

    /// <summary>Distance of these features as a triangle, too, as the losses of the method see it; left out: none.</summary>
    public FeatureOptions? Features { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Crop < 8)
            yield return $"crop is {Crop}, must be 8 or more";
    }
}

/// <summary>A part of a method that an ablation leaves out.</summary>
public sealed record AblationSwitch
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>The enhancers that have it.</summary>
    public required IReadOnlyList<string> On { get; init; }
}

/// <summary>A trained discriminator.</summary>
public sealed record DiscriminatorUnderTest
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>A checkpoint of a training, or its run folder for the newest.</summary>
    public required string Checkpoint { get; init; }
}

/// <summary>A set of originals.</summary>
public sealed record SetSection : IHasFaults
{
    /// <summary>In tables, such as "live1".</summary>
    public required string Name { get; init; }

    /// <summary>Searched with its subfolders. Relative paths start at the current directory.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// A text file with the pictures that belong to the set, a name a line, as VOC's lists are: with or without extension and folder. Left
    /// out: all of the folder.
    /// </summary>
    public string? List { get; init; }

    /// <summary>Only the first so many pictures, by name; left out: all.</summary>
    public int? First { get; init; }

    /// <summary>Only the middle of each picture, so many pixels a side; left out: all of it.</summary>
    public int? Crop { get; init; }

    /// <summary>Only some of the pictures, or only the middle of each: nothing that papers print of the set compares with it.</summary>
    internal bool IsPart => First is not null || Crop is not null;

    public IEnumerable<string> Faults()
    {
        if (Name.Length == 0)
            yield return "name is empty";
        foreach (var (key, value) in new[] { ("first", First), ("crop", Crop) })
        {
            if (value < 1)
                yield return $"{key} is {value}, must be 1 or more";
        }
    }
}

/// <summary>A codec and the settings to try.</summary>
public sealed record CompressionSection : IHasFaults
{
    /// <summary>Name in the list of codecs.</summary>
    public required string Codec { get; init; }

    /// <summary>In the codec's own scale.</summary>
    public required IReadOnlyList<int> Settings { get; init; }

    /// <summary>Left out: the codec's usual one, 4:2:0 where it can.</summary>
    public ChromaSubsampling? Subsampling { get; init; }

    public IEnumerable<string> Faults()
    {
        var codec = CodecList.All.FirstOrDefault(one => one.Name == Codec);
        if (codec is null)
        {
            yield return $"codec is '{Codec}', must be one of {string.Join(", ", CodecList.All.Select(one => one.Name))}";
            yield break;
        }

        if (Settings.Count == 0)
            yield return "settings is empty";
        foreach (int setting in Settings.Where(setting => setting < codec.MinQuality || setting > codec.MaxQuality))
            yield return $"{Codec} has no setting {setting}: {codec.QualityName}";
        if (Subsampling is { } subsampling && !codec.Subsamplings.Contains(subsampling))
            yield return $"{Codec} cannot code chroma subsampling {subsampling}";
    }
}
