namespace Unpress.Networks;

/// <summary>Options of <see cref="RrdbNet"/> with the defaults of Real-ESRGAN, which are also those of the ESRGAN paper: 64 channels, 23 blocks.</summary>
public sealed record RealEsrganOptions : RrdbNetOptions
{
    public RealEsrganOptions() => (Width, Blocks) = (64, 23);
}
