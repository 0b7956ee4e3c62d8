namespace Unpress.Recipes;

/// <summary>A training run as closed data: everything that decides the resulting weights.</summary>
public sealed record Recipe : IHasFaults
{
    /// <summary>What <see cref="InitFrom"/> says for random weights.</summary>
    public const string Fresh = "fresh";

    /// <summary>Names the run.</summary>
    public required string Name { get; init; }

    /// <summary>What this reproduces, if anything.</summary>
    public string? Paper { get; init; }

    public string? Notes { get; init; }

    /// <summary>Starts every random stream: weights and data.</summary>
    public long Seed { get; init; } = 1;

    public required NetworkSection Network { get; init; }

    public required DataSection Data { get; init; }

    public required IReadOnlyList<ObjectiveTerm> Objective { get; init; }

    /// <summary>Left out: no discriminator.</summary>
    public DiscriminatorSection? Discriminator { get; init; }

    public OptimiserSection Optimiser { get; init; } = new();

    public ScheduleSection Schedule { get; init; } = new();

    /// <summary>Left out: no average is kept.</summary>
    public EmaSection? Ema { get; init; }

    /// <summary>Length of the run in optimiser steps.</summary>
    public required long Steps { get; init; }

    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Left out: none.</summary>
    public ValidationSection? Validation { get; init; }

    public CheckpointSection Checkpoint { get; init; } = new();

    /// <summary>
    /// Weights to begin with instead of random ones; "fresh" is random ones, too, for a stage that shall not begin with those of the stage before.
    /// </summary>
    public string? InitFrom { get; init; }

    /// <summary>Begin with weights that were trained on another codec, which is otherwise taken for a mistake.</summary>
    public bool InitAcross { get; init; }

    /// <summary>The network has more layers than the file of <see cref="InitFrom"/>: those keep their first values.</summary>
    public bool InitDeeper { get; init; }

    /// <summary>Weights of parts of the network from other models, laid over the rest.</summary>
    public IReadOnlyList<InitPart> InitParts { get; init; } = [];

    /// <summary>Tell networks that take a quality factor the true one, instead of letting them estimate it.</summary>
    public bool TellQuality { get; init; }

    /// <summary>
    /// Move f(x) into the quantisation cells of its JPEG before any loss sees it, as <c>enhance --consistent</c> does with results: what the file
    /// corrects anyway need not be learnt. Gradients stop where a coefficient is held at the border of its cell.
    /// </summary>
    public bool Consistent { get; init; }

    /// <summary>Beginnings of the names of parameters that stay as they are; batch norm there uses its running statistics.</summary>
    public IReadOnlyList<string> Freeze { get; init; } = [];

    /// <summary>Reads a recipe file, lays overlays and then overrides over it, and checks it.</summary>
    /// <exception cref="RecipeException">Everything that is wrong with it.</exception>
    public static Recipe Load(string path, IEnumerable<string>? overlays = null, IEnumerable<string>? sets = null) =>
        From(RecipeDocument.Load(path), overlays, sets);

    /// <inheritdoc cref="Load"/>
    public static Recipe Parse(string yaml, string name, IEnumerable<string>? overlays = null, IEnumerable<string>? sets = null) =>
        From(RecipeDocument.Parse(yaml, name), overlays, sets);

    /// <summary>The recipes of all stages in their order, each named after the file's recipe and its stage; one, for a file without stages.</summary>
    /// <exception cref="RecipeException">Everything that is wrong with the first that has faults.</exception>
    public static IReadOnlyList<Recipe> LoadStages(string path, IReadOnlyList<string>? overlays = null, IReadOnlyList<string>? sets = null)
    {
        // A document is used up by the recipe made of it, so each stage reads its own.
        var stages = StageNames(path, overlays);
        return stages.Count == 0 ? [Load(path, overlays, sets)] : [.. stages.Select(stage => From(Overlaid(path, overlays).Stage(stage), null, sets))];
    }

    /// <summary>Names of the stages, in their order; empty for a file without stages.</summary>
    /// <exception cref="RecipeException">The file cannot be read or has no such overlay.</exception>
    public static IReadOnlyList<string> StageNames(string path, IReadOnlyList<string>? overlays = null) => [.. Overlaid(path, overlays).StageNames];

    /// <summary>The whole recipe, defaults included.</summary>
    public string ToYaml() => RecipeWriter.ToYaml(this);

    public IEnumerable<string> Faults()
    {
        if (Name is "" or "." or ".." || Name.AsSpan().ContainsAny("/\\\n"))
            yield return $"name is '{Name}', must be usable as a folder's name";
        if (Objective.Count == 0)
            yield return "objective is empty";
        if (Steps < 1)
            yield return $"steps is {Steps}, must be 1 or more";
        if (Validation is null)
            yield break;
        string validation = Whole(Validation.Folder);
        foreach (string training in Data.Folders.Where(folder => folder.Path.Length > 0).Select(folder => folder.Path))
        {
            string whole = Whole(training);
            if (whole.StartsWith(validation, StringComparison.Ordinal) || validation.StartsWith(whole, StringComparison.Ordinal))
                yield return $"validation.folder {Validation.Folder} shares pictures with the training folder {training}";
        }
    }

    private static string Whole(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) + Path.DirectorySeparatorChar;

    private static RecipeDocument Overlaid(string path, IReadOnlyList<string>? overlays)
        => (overlays ?? []).Aggregate(RecipeDocument.Load(path), (document, overlay) => document.Overlay(overlay));

    private static Recipe From(RecipeDocument document, IEnumerable<string>? overlays, IEnumerable<string>? sets)
    {
        foreach (string overlay in overlays ?? [])
            document.Overlay(overlay);
        foreach (string set in sets ?? [])
            document.Set(set);
        if (document.StageNames.Any())
            throw new RecipeException([$"has the stages {string.Join(", ", document.StageNames)}; one recipe is expected here"]);
        return RecipeReader.Read<Recipe>(document.Root);
    }
}

/// <summary>Which network; its own options stand beside the type.</summary>
public sealed record NetworkSection
{
    /// <summary>Name in the catalog of networks.</summary>
    public required string Type { get; init; }

    public RecipeSection Options { get; init; } = RecipeSection.Empty;
}

/// <summary>What the network computes in while training.</summary>
public enum Precision
{
    Fp32,

    /// <summary>Autocast to bfloat16; weights and optimiser stay float32.</summary>
    Bf16,

    /// <summary>Autocast to float16 with a loss scaler; CUDA only.</summary>
    Fp16,
}

/// <summary>An exponential moving average of the weights, which validation and the result use.</summary>
public sealed record EmaSection : IHasFaults
{
    public double Decay { get; init; } = 0.999;

    public IEnumerable<string> Faults()
    {
        if (Decay is not (> 0 and < 1))
            yield return FormattableString.Invariant($"decay is {Decay}, must be between 0 and 1");
    }
}

/// <summary>One loss of the weighted sum that training minimises; the loss's own options stand beside it.</summary>
public sealed record ObjectiveTerm : IHasFaults
{
    /// <summary>Name in the catalog of losses.</summary>
    public required string Loss { get; init; }

    public double Weight { get; init; } = 1;

    public RecipeSection Options { get; init; } = RecipeSection.Empty;

    public IEnumerable<string> Faults()
    {
        if (Weight <= 0)
            yield return FormattableString.Invariant($"weight is {Weight}, must be above 0; leave the term out instead");
    }
}

/// <summary>When the state of a run is saved.</summary>
public sealed record CheckpointSection : IHasFaults
{
    /// <summary>Steps between two checkpoints.</summary>
    public long Every { get; init; } = 1000;

    /// <summary>How many are kept, the newest.</summary>
    public int Keep { get; init; } = 2;

    public IEnumerable<string> Faults()
    {
        if (Every < 1)
            yield return $"every is {Every}, must be 1 or more steps";
        if (Keep < 1)
            yield return $"keep is {Keep}, must be 1 or more";
    }
}

/// <summary>Initial weights of a part of the network, from another model.</summary>
public sealed record InitPart : IHasFaults
{
    /// <summary>Begins a <see cref="File"/>, or a recipe's initFrom, that is the weights of another stage of the same training: "stage:NAME".</summary>
    public const string OfStage = "stage:";

    /// <summary>A weight file, or <see cref="OfStage"/> and the name of a stage.</summary>
    public required string File { get; init; }

    /// <summary>Beginning of the names in the file that are taken; the rest of the name is kept.</summary>
    public string From { get; init; } = "";

    /// <summary>What they begin with in the network. Everything there must be in the file.</summary>
    public required string To { get; init; }

    public IEnumerable<string> Faults()
    {
        if (To.Length == 0)
            yield return "to is empty; for the whole network there is initFrom";
    }
}

/// <summary>Pictures the network is measured on now and then. Never training pictures.</summary>
public sealed record ValidationSection : IHasFaults
{
    /// <summary>Relative paths start at the current directory.</summary>
    public required string Folder { get; init; }

    /// <summary>Steps between two validations.</summary>
    public long Every { get; init; } = 1000;

    /// <summary>Settings of the degradation's codec (quality factors, QPs) that each picture is compressed with.</summary>
    public IReadOnlyList<int> Qualities { get; init; } = [10, 20, 30, 40];

    /// <summary>Use only the first so many pictures; left out: all.</summary>
    public int? Limit { get; init; }

    /// <summary>
    /// Enhancements in a row, f(f(…x)). With 2 or more the degradation index is measured over them, and what becomes of originals, f(y): what idempotent
    /// adaptation is for, and what the first pass alone does not show.
    /// </summary>
    public int Cycles { get; init; } = 1;

    public IEnumerable<string> Faults()
    {
        if (Cycles is < 1 or > 100)
            yield return $"cycles is {Cycles}, must be 1 to 100";
        if (Every < 1)
            yield return $"every is {Every}, must be 1 or more steps";
        if (Qualities.Count == 0)
            yield return "qualities is empty";
        if (Limit < 1)
            yield return $"limit is {Limit}, must be 1 or more";
    }
}
