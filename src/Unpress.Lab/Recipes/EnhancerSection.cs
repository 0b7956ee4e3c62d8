using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Models;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>A training that leaves a model.</summary>
public sealed record TrainingSection
{
    /// <summary>A recipe file of <c>unpress train</c>.</summary>
    public required string Recipe { get; init; }

    /// <inheritdoc cref="RecipeUse.Overlays"/>
    public IReadOnlyList<string> Overlays { get; init; } = [];

    /// <summary>What <c>--set</c> says; {setting} and {codec} stand for those of the experiment.</summary>
    public IReadOnlyList<string> Set { get; init; } = [];
}

/// <summary>What is under test: a network of this project with its weights, or any other program.</summary>
public sealed record EnhancerSection : IHasFaults
{
    /// <summary>
    /// Stands in <see cref="Model"/> and <see cref="Command"/> for the setting with which a picture was compressed, such as 30: one network
    /// for each.
    /// </summary>
    public const string Setting = "{setting}";

    /// <summary>Stands in <see cref="Model"/> and <see cref="Command"/> for the codec's name.</summary>
    public const string CodecName = "{codec}";

    private const string Label = "{label}", Run = "{run}";

    /// <summary>Makes one enhancer for each of these, with its label and its run for "{label}" and "{run}" in all texts; empty: this one.</summary>
    public IReadOnlyList<EnhancerKind> Each { get; init; } = [];

    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>A model of the models folder, an ONNX file or a weight file; relative paths start at the current directory.</summary>
    public string? Model { get; init; }

    /// <summary>What an ONNX file of others does not tell: "range=0..255, layout=nhwc, colours=bgr, receptive-field=32".</summary>
    public string? Facts { get; init; }

    /// <summary>A program with "{in}" and "{out}" for the PNG to read and the one to write.</summary>
    public string? Command { get; init; }

    /// <summary>Seconds a program may take for one picture.</summary>
    public double Timeout { get; init; } = 600;

    /// <summary>0..100 percent of a network's change.</summary>
    public double Strength { get; init; } = 100;

    /// <summary>Move each result into the quantisation cells of its JPEG.</summary>
    public bool Consistent { get; init; }

    /// <summary>What makes the model, for <c>lab plan</c>; left out: the recipe in recipes/ whose run it is, if there is one.</summary>
    public TrainingSection? Training { get; init; }

    /// <summary>The enhancers that this entry stands for.</summary>
    internal IEnumerable<EnhancerSection> OfEach() => Each.Count == 0 ? [this] : Each.Select(Of);

    public IEnumerable<string> Faults()
    {
        if (Name.Length == 0)
            yield return "name is empty";
        string text = Name + Model + Command;
        if (Each.Count == 0 && (text.Contains(Label, StringComparison.Ordinal) || text.Contains(Run, StringComparison.Ordinal)))
            yield return $"has {Label} or {Run} and no each that says what they are";
        if (Model is null == Command is null)
            yield return "needs either a model or a command";
        if (Command is not null && ExternalEnhancer.Fault(Command) is { } fault)
            yield return fault;
        if (Facts is not null && FactText.Fault(Facts) is { } wrong)
            yield return wrong;
        if (!(Timeout > 0))
            yield return $"timeout is {Timeout}, must be more than 0";
        if (!(Strength is >= 0 and <= 100))
            yield return $"strength is {Strength}, must be 0 to 100";
    }

    private EnhancerSection Of(EnhancerKind kind)
    {
        string Said(string text) => text.Replace(Label, kind.Label, StringComparison.Ordinal).Replace(Run, kind.Run, StringComparison.Ordinal);
        return this with
        {
            Each = [],
            Name = Said(Name),
            Model = Model is null ? null : Said(Model),
            Command = Command is null ? null : Said(Command),
            Training = Training is null
                ? null
                : Training with { Recipe = Said(Training.Recipe), Overlays = [.. Training.Overlays.Select(Said)], Set = [.. Training.Set.Select(Said)] },
        };
    }
}

/// <summary>One of several enhancers that differ in their names only.</summary>
public sealed record EnhancerKind
{
    /// <summary>For "{label}", as in tables.</summary>
    public required string Label { get; init; }

    /// <summary>For "{run}", as in the names of files and folders.</summary>
    public required string Run { get; init; }
}
