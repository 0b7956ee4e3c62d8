namespace Unpress.Networks;

/// <summary>Options of <see cref="ArCnn"/>.</summary>
public sealed record ArCnnOptions
{
    /// <summary>1 (luma, as published) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Add the input to the output, as PowerQE does; off as published.</summary>
    public bool Residual { get; init; }
}
