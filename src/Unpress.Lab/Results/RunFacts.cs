using Unpress.Lab.Recipes;

namespace Unpress.Lab.Results;

/// <summary><c>run.json</c>: everything about a run that is not a figure.</summary>
public sealed record RunFacts
{
    /// <summary>Of the files in the folder; another number means other files.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Name in the catalogue of experiments.</summary>
    public required string Experiment { get; init; }

    /// <summary>From the recipe.</summary>
    public required string Name { get; init; }

    /// <summary>The table or figure it reproduces; null when none.</summary>
    public string? Paper { get; init; }

    /// <summary>The recipe as run, overrides and defaults included, YAML.</summary>
    public required string Recipe { get; init; }

    /// <summary>What gives these figures again.</summary>
    public required string Command { get; init; }

    /// <summary>Of this program.</summary>
    public required string Version { get; init; }

    /// <summary>When it was begun, UTC.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended; null while it is at work or after it was stopped.</summary>
    public DateTimeOffset? Finished { get; init; }

    /// <summary>Processor, memory, system, libtorch.</summary>
    public required string Machine { get; init; }

    /// <summary>In the order of the recipe.</summary>
    public required IReadOnlyList<MetricFacts> Metrics { get; init; }

    public required IReadOnlyList<CodecFacts> Codecs { get; init; }

    /// <summary>In the order of the recipe; <see cref="Figure.Compressed"/> is not among them.</summary>
    public required IReadOnlyList<EnhancerFacts> Enhancers { get; init; }

    public required IReadOnlyList<SetFacts> Sets { get; init; }

    /// <summary>Enhancements in a row; 1 where there is but one.</summary>
    public required int Cycles { get; init; }

    /// <summary>From the recipe, where the experiment is one; else null.</summary>
    public AblationSection? Ablation { get; init; }

    /// <inheritdoc cref="Ablation"/>
    public CandidatesSection? Candidates { get; init; }

    /// <inheritdoc cref="Ablation"/>
    public EfficiencySection? Efficiency { get; init; }
}

/// <summary>A set of pictures as a run used it.</summary>
/// <param name="Pictures">Their names: paths within the folder without extension.</param>
/// <param name="Part">Only some of the pictures, or only the middle of each: nothing that papers print of the set compares with it.</param>
/// <param name="Crop">Pixels a side, where only the middle of each picture was taken.</param>
public sealed record SetFacts(string Name, string Folder, IReadOnlyList<string> Pictures, bool Part = false, int? Crop = null);

/// <summary>A codec as a run used it.</summary>
/// <param name="QualityName">The word for its settings, with their direction.</param>
/// <param name="Encoder">Library and version.</param>
/// <param name="Settings">From the recipe, in its order.</param>
public sealed record CodecFacts(string Name, string QualityName, string Encoder, IReadOnlyList<int> Settings);

/// <summary>An enhancer as a run used it.</summary>
/// <param name="Kind">"network" or "program".</param>
/// <param name="Source">The weight file, or the command.</param>
/// <param name="Sha256">Of the weight file; null for programs.</param>
/// <param name="Network">Name in the catalogue of networks; null for programs.</param>
/// <param name="Parameters">Numbers that were trained; null for programs.</param>
/// <param name="Multiplications">Multiply-accumulates for one 512×512 picture; null for programs, and where they cannot be counted.</param>
public sealed record EnhancerFacts(
    string Name, string Kind, string Source, string? Sha256 = null, string? Network = null, long? Parameters = null, double? Multiplications = null);
