namespace Unpress.Networks.Discriminators;

/// <summary>Options of <see cref="DcganDiscriminator"/>; the defaults are the one-to-many paper's network.</summary>
public sealed record DcganDiscriminatorOptions : DiscriminatorOptions
{
    private const int MostKernel = 31;

    /// <summary>Channels of the first unit, doubled by each of the three others.</summary>
    public int Width { get; init; } = 64;

    /// <summary>Height and width of the kernels, odd.</summary>
    public int Kernel { get; init; } = 3;

    /// <summary>Off for trainings of a few thousand steps: by then the running statistics fit neither raw nor enhanced pictures alone.</summary>
    public bool BatchNorm { get; init; } = true;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public override void Validate()
    {
        base.Validate();
        Require.Width(Width);
        Require.Within(Kernel, 1, MostKernel);
        if (Kernel % 2 == 0)
            throw new ArgumentException($"kernel is {Kernel}, which is even");
    }
}
