using System.Text.Json.Nodes;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Networks.Discriminators;

/// <summary>
/// A network that tells pictures as photographed from pictures as restored: [N,C,H,W], 0..1 in, logits out (above 0: photographed), one a
/// picture, [N,1], or one a pixel, [N,1,H,W]. A conditional one also sees the compressed picture and judges whether the other fits it.
/// </summary>
public abstract class Discriminator : Module
{
    protected Discriminator(DiscriminatorOptions options)
    {
        Channels = options.Channels;
        Conditional = options.Conditional;
    }

    /// <summary>Channels of the pictures: 1 or 3.</summary>
    public int Channels { get; }

    /// <summary>Whether the compressed picture must be given too.</summary>
    public bool Conditional { get; }

    /// <summary>Channels of the first convolution: the picture's and, where it is seen, the compressed picture's.</summary>
    private protected long InputChannels => Conditional ? 2L * Channels : Channels;

    /// <param name="picture">[N,C,H,W], what is judged.</param>
    /// <param name="compressed">[N,C,H,W], what it was restored from; only for a conditional discriminator, which cannot do without it.</param>
    /// <exception cref="ArgumentException">A shape is wrong, or the compressed picture is missing or not expected.</exception>
    public Tensor Forward(Tensor picture, Tensor? compressed = null)
    {
        var shape = picture.Shape;
        if (shape.Length != 4 || shape[1] != Channels)
            throw new ArgumentException($"the discriminator takes [N, {Channels}, H, W], got [{string.Join(", ", shape)}]");
        if (Conditional != compressed is not null)
            throw new ArgumentException(Conditional
                ? "the discriminator is conditional: it needs the compressed picture"
                : "the discriminator is not conditional: it takes no compressed picture");
        Check(shape[2], shape[3]);
        using var scope = TensorScope.Enter();
        return scope.Keep(Judge(compressed is null ? picture : Tensor.Cat([picture, compressed], 1)));
    }

    /// <summary>Refuses sizes that the network cannot take.</summary>
    /// <exception cref="ArgumentException">With what it can take.</exception>
    protected abstract void Check(long height, long width);

    /// <summary>The network itself, on all channels that it sees. Called within a scope.</summary>
    protected abstract Tensor Judge(Tensor input);
}

/// <summary>A discriminator of the catalogue: its name, where it comes from, and how it is made from options.</summary>
public sealed record DiscriminatorEntry(string Name, string Summary, string Paper, Factory<Discriminator> Factory)
{
    /// <summary>Builds the discriminator with fresh weights; missing options take their defaults.</summary>
    /// <exception cref="ArgumentException">An option is unknown or out of range.</exception>
    public Discriminator Create(JsonObject? options = null) => Factory.Create(options);

    /// <summary>All options with their values, defaults filled in.</summary>
    public JsonObject Resolve(JsonObject? options) => Factory.Resolve(options);

    public static DiscriminatorEntry Of<TOptions>(string name, string summary, string paper, Func<TOptions, Discriminator> create)
        where TOptions : DiscriminatorOptions, new() => new(name, summary, paper, Factory<Discriminator>.Of($"discriminator {name}", create));
}

/// <summary>Options that every discriminator has.</summary>
public abstract record DiscriminatorOptions
{
    /// <summary>Channels of the pictures: 1 (gray) or 3 (RGB).</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Show it the compressed picture too, as further channels of its input.</summary>
    public bool Conditional { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public virtual void Validate()
    {
        Require.Channels(Channels);
    }
}
