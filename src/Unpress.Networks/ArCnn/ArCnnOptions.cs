namespace Unpress.Networks;

/// <summary>
/// Options of <see cref="ArCnn"/>. The defaults are the paper's. PowerQE: channels 3, residual. yjn870/ARCNN-pytorch: channels 3, pRelu.
/// </summary>
public sealed record ArCnnOptions
{
    /// <summary>1 (luma, as published) or 3 (RGB).</summary>
    public int Channels { get; init; } = 1;

    /// <summary>Channels after the first, second and third convolution.</summary>
    public int[] Widths { get; init; } = [64, 32, 16];

    /// <summary>Add the input to the output, as PowerQE does; off as published.</summary>
    public bool Residual { get; init; }

    /// <summary>PReLU, one slope each, instead of ReLU.</summary>
    public bool PRelu { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Channels(Channels);
        Require.Widths(Widths, 3);
    }
}
