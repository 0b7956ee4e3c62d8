namespace Unpress.Networks.Backbones;

/// <summary>Options of <see cref="InceptionV3"/>.</summary>
public sealed record InceptionV3Options
{
    /// <summary>Height and width to which every picture is brought first; FID is defined at 299. At least 75.</summary>
    public int Size { get; init; } = 299;
}
