using Unpress.Data;

namespace Unpress.Inference;

/// <summary>What is known of a whole picture besides its pixels, in main memory; a run gets the part that belongs to its area.</summary>
internal sealed record KnownPicture
{
    public double? Quality { get; init; }

    public JpegPlanes? Jpeg { get; init; }

    /// <summary>[1, H, W] of the whole picture.</summary>
    public Planes? Noise { get; init; }

    public IReadOnlyDictionary<string, FoundValue> Found { get; init; } = new Dictionary<string, FoundValue>();

    /// <summary>Calls <paramref name="run"/> with what is known of an area; the picture itself is the caller's.</summary>
    public T With<T>(PixelArea area, Planes picture, Action<double>? progress, Func<ModelInput, T> run, CancellationToken cancellation)
    {
        var jpeg = Jpeg?.Of(area);
        bool whole = Noise is null || (area.Width == Noise.Width && area.Height == Noise.Height);
        using var part = whole ? null : Noise!.Crop(area.X, area.Y, area.Width, area.Height);
        try
        {
            return run(new ModelInput
            {
                Picture = picture,
                Quality = Quality,
                Jpeg = jpeg,
                Noise = whole ? Noise : part,
                Found = Found,
                Progress = progress,
                Cancellation = cancellation,
            });
        }
        finally
        {
            foreach (var plane in jpeg ?? [])
                plane.Dispose();
        }
    }
}
