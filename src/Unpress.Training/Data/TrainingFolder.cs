namespace Unpress.Data;

/// <summary>One folder of training pictures; sub-folders are included.</summary>
public sealed record TrainingFolder
{
    public required string Path { get; init; }

    /// <summary>
    /// Store the pictures at half size. For folders whose files were themselves compressed: what the network shall learn to give
    /// back must not contain the damage it shall learn to remove.
    /// </summary>
    public bool Halve { get; init; }
}
