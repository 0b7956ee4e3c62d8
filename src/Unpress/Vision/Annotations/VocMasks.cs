using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>A folder of masks as <see cref="VocMask"/> reads them.</summary>
public sealed class VocMasks(string folder) : IMasks
{
    public string? Lacks(string picture) => File.Exists(Mask(picture)) ? null : $"has no mask {Mask(picture)}";

    public ImageBuffer Of(string picture) => VocMask.Read(Mask(picture));

    private string Mask(string picture) => Path.Combine(folder, $"{picture}.png");
}
