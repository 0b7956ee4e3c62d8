using System.Collections.Concurrent;
using Unpress.Imaging;

namespace Unpress.Vision.Annotations;

/// <summary>A folder of masks as <see cref="VocMask"/> reads them.</summary>
public sealed class VocMasks(string folder) : IMasks
{
    private readonly ConcurrentDictionary<string, string?> _faults = new();

    public string? Lacks(string picture) => _faults.GetOrAdd(picture, Fault);

    public ImageBuffer Of(string picture) => VocMask.Read(Mask(picture));

    private string? Fault(string picture)
    {
        if (!File.Exists(Mask(picture)))
            return $"has no mask {Mask(picture)}";
        try
        {
            VocMask.Read(Mask(picture));
            return null;
        }
        catch (InvalidFileException error)
        {
            return error.Message;
        }
    }

    private string Mask(string picture) => Path.Combine(folder, $"{picture}.png");
}
