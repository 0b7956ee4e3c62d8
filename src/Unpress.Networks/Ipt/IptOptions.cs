namespace Unpress.Networks;

/// <summary>Options of <see cref="Ipt"/>; the defaults are the published network for one task at the picture's own size.</summary>
public sealed record IptOptions
{
    /// <summary>Channels of the convolutions.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Side of the squares that the transformer sees, in pixels.</summary>
    public int Patch { get; init; } = 48;

    /// <summary>Side of a token in pixels; the transformer has Width · Token² channels.</summary>
    public int Token { get; init; } = 3;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 12;

    /// <summary>Layers of the encoder, and of the decoder.</summary>
    public int Layers { get; init; } = 12;

    /// <summary>
    /// Pixels between two squares. Of each its middle half counts: with a quarter of the patch, as published, every pixel is the mean of four
    /// squares; with half of it of one, in a quarter of the time. With three quarters that much of each counts, in a ninth of the time.
    /// </summary>
    public int Stride { get; init; } = 12;

    /// <summary>White inside the network (rgb_range).</summary>
    public double Range { get; init; } = 255;

    /// <summary>Channels of the transformer.</summary>
    internal int Embedding => Width * Token * Token;

    /// <summary>Side of the part of a square that counts, in pixels.</summary>
    internal int Middle => Math.Max(Patch / 2, Stride);

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Width(Width);
        Require.Layers(Layers);
        Require.Within(Patch, 4, 512);
        Require.Within(Token, 1, Patch);
        if (!(Range > 0))
            throw new ArgumentException("range: more than 0");
        if (Heads < 1 || Embedding % Heads != 0)
            throw new ArgumentException($"heads {Heads}: a divisor of width · token², {Embedding}");
        if (Patch % 4 != 0 || Patch % Token != 0)
            throw new ArgumentException($"patch {Patch}: a multiple of 4 and of the token, {Token}");
        if (Stride < 1 || (Patch / 2 % Stride != 0 && (Stride * 4 != Patch * 3 || Patch % 8 != 0)))
            throw new ArgumentException($"stride {Stride}: a divisor of half the patch, {Patch / 2}, or three quarters of a patch that is a multiple of 8");
    }
}
