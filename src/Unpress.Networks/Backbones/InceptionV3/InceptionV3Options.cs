namespace Unpress.Networks.Backbones;

/// <summary>Options of <see cref="InceptionV3"/>.</summary>
public sealed record InceptionV3Options
{
    /// <summary>Height and width to which every picture is brought first; FID is defined at 299. At least 75.</summary>
    public int Size { get; init; } = 299;

    /// <summary>
    /// Resize as clean-fid does, bicubic with antialiasing (Parmar, Zhang, Zhu, "On Aliased Resizing and Surprising Subtleties in GAN Evaluation",
    /// CVPR 2022), instead of as pytorch-fid.
    /// </summary>
    public bool Clean { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        Require.Within(Size, 75, 10_000);
    }
}
