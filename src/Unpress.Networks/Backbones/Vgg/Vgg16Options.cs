namespace Unpress.Networks.Backbones;

/// <summary>Options of <see cref="Vgg"/> with the defaults of VGG-16.</summary>
public sealed record Vgg16Options : VggOptions
{
    public Vgg16Options() => Blocks = [2, 2, 3, 3, 3];
}
