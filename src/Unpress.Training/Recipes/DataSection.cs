using Unpress.Data;

namespace Unpress.Recipes;

/// <summary>Training pictures and what is cut from them.</summary>
public sealed record DataSection : IHasFaults
{
    /// <summary>Relative paths start at the current directory.</summary>
    public required IReadOnlyList<TrainingFolder> Folders { get; init; }

    /// <summary>Pictures smaller than this either way, after halving, are not used. Pixels.</summary>
    public int MinSize { get; init; } = 96;

    public PatchOptions Patch { get; init; } = new();

    public DegradationSection Degradation { get; init; } = new();

    /// <summary>Patches in a training step.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Equal parts in which a batch goes through the networks, its gradients added up: for batches larger than the memory.</summary>
    public int Accumulate { get; init; } = 1;

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
    /// <summary>The codec: jpeg, hevc, webp, avif or jp2.</summary>
    public string Type { get; init; } = "jpeg";

    public RecipeSection Options { get; init; } = RecipeSection.Empty;
}
