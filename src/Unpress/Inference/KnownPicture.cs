using Unpress.Data;
using Unpress.Imaging;

namespace Unpress.Inference;

/// <summary>What is known of a whole picture besides its pixels, in main memory; a run gets the part that belongs to its area.</summary>
internal sealed record KnownPicture
{
    public double? Quality { get; init; }

    public StoredCoefficients? Jpeg { get; init; }

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

/// <summary>
/// What the model knows of one pass of a picture besides a tile's pixels. A picture in one piece is left to the model. One that is cut
/// is surveyed first: the whole where it fits the budget of memory, else its middle, in the picture's proportions and as large as
/// fits; compression hardly varies over a picture, and the middle says more of it than any tile. For the memory's sake the survey waits
/// for the first tile that needs it.
/// </summary>
/// <param name="given">What is known of the whole picture beforehand.</param>
/// <param name="maxPixels">What the model can take at once.</param>
internal sealed class PassKnowledge(IModel model, ImageBuffer image, ColourPass pass, KnownPicture given, long maxPixels, CancellationToken cancellation)
    : IDisposable
{
    private KnownPicture? _surveyed;

    public ColourPass Pass => pass;

    /// <summary>For the whole picture; the tile's own part of it is the caller's to take.</summary>
    public KnownPicture For(Tile tile)
        => tile.Seen == PixelArea.Of(image) ? given : _surveyed ??= Survey();

    public void Dispose() => given.Noise?.Dispose();

    private KnownPicture Survey()
    {
        for (long pixels = maxPixels; ; pixels /= 2)
        {
            var area = Middle(image.Width, image.Height, pixels, model.Facts.SizeMultiple);
            try
            {
                using var planes = PlanePixels.Read(image, area, pass.FirstBand, pass.Bands, pass.Inverted);
                return given with { Found = given.With(area, planes, null, known => ColourPass.Survey(model, planes, known), cancellation) };
            }
            catch (InsufficientMemoryException) when (pixels > 1)
            {
                // Half as many pixels, then.
            }
        }
    }

    /// <summary>At most <paramref name="maxPixels"/> but no less than one cell of the model's grid, on that grid.</summary>
    internal static PixelArea Middle(int width, int height, long maxPixels, int multiple)
    {
        if ((long)width * height <= maxPixels)
            return PixelArea.Of(width, height);
        int shorter = Math.Min(width, height), longer = Math.Max(width, height);
        int less = OnGrid(shorter, shorter * Math.Sqrt((double)maxPixels / ((long)width * height)));
        int more = OnGrid(longer, maxPixels / less);
        var (across, down) = width < height ? (less, more) : (more, less);
        return new PixelArea(Start(width, across), Start(height, down), across, down);

        int OnGrid(int side, double wanted) => Math.Min(side, Math.Max(multiple, (int)Math.Min(side, wanted) / multiple * multiple));
        int Start(int side, int length) => (side - length) / 2 / multiple * multiple;
    }
}
