using Unpress.Inference;
using Unpress.Recipes;

namespace Unpress.Lab.Recipes;

/// <summary>What is under test: a network of this project with its weights, or any other program.</summary>
public sealed record EnhancerSection : IHasFaults
{
    /// <summary>In tables.</summary>
    public required string Name { get; init; }

    /// <summary>A model of the models folder, or a weight file; relative paths start at the current directory.</summary>
    public string? Model { get; init; }

    /// <summary>A program with "{in}" and "{out}" for the PNG to read and the one to write.</summary>
    public string? Command { get; init; }

    /// <summary>Seconds a program may take for one picture.</summary>
    public double Timeout { get; init; } = 600;

    /// <summary>0..100 percent of a network's change.</summary>
    public double Strength { get; init; } = 100;

    /// <summary>Move each result into the quantisation cells of its JPEG.</summary>
    public bool Consistent { get; init; }

    public IEnumerable<string> Faults()
    {
        if (Name.Length == 0)
            yield return "name is empty";
        if (Model is null == Command is null)
            yield return "needs either a model or a command";
        if (Command is not null && ExternalEnhancer.Fault(Command) is { } fault)
            yield return fault;
        if (!(Timeout > 0))
            yield return $"timeout is {Timeout}, must be more than 0";
        if (!(Strength is >= 0 and <= 100))
            yield return $"strength is {Strength}, must be 0 to 100";
    }
}
