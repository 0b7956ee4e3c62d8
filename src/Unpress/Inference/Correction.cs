using System.Numerics.Tensors;
using Unpress.Data;
using Unpress.Imaging;

namespace Unpress.Inference;

/// <summary>
/// What a model made of a whole picture, before it is blended with it and rounded: every strength can be had of it at once. Takes four bytes a
/// sample. Made by <see cref="ModelEnhancer.Correct"/>.
/// </summary>
public sealed class Correction : IDisposable
{
    /// <summary>Rows that are blended at a time.</summary>
    private const int Rows = 64;

    private readonly ImageBuffer _image;
    private readonly int _orientation;
    private readonly IReadOnlyList<(ColourPass Pass, Planes Restored)> _passes;

    /// <param name="image">As the model works on it.</param>
    /// <param name="orientation">How it is turned upright, as EXIF numbers it; 1 when it is.</param>
    /// <param name="fullTo">As <see cref="Onnx.ModelFacts.FullTo"/>.</param>
    internal Correction(ImageBuffer image, int orientation, int? fullTo)
    {
        (_image, _orientation) = (image, orientation);
        MostShare = NearlyClean.Share(image, fullTo);
        _passes = MostShare > 0
            ? [.. ColourPass.For(image.Model).Select(pass => (pass, new Planes(pass.Bands, image.Height, image.Width)))]
            : [];
    }

    /// <summary>Bytes of memory that it holds, the picture's own included.</summary>
    public long Bytes => _image.Data.LongLength + _passes.Sum(pass => (long)sizeof(float) * pass.Restored.Values.Length);

    /// <summary>How much of the model's change the picture gets at strength 100, 0..1: less than all where it was hardly compressed.</summary>
    public double MostShare { get; }

    /// <summary>A restored copy of the picture, upright.</summary>
    /// <param name="strength">0..100 percent.</param>
    public ImageBuffer At(double strength)
    {
        if (!(strength is >= 0 and <= 100))
            throw new ArgumentOutOfRangeException(nameof(strength), strength, "0 to 100");
        var output = Copy(_image);
        float share = (float)(strength / 100 * MostShare);
        if (share > 0)
        {
            foreach (var (pass, restored) in _passes)
                Write(pass, restored, output, share);
        }

        return _orientation == 1 ? output : ImageTurn.ToUpright(output, _orientation);
    }

    public void Dispose()
    {
        foreach (var (_, restored) in _passes)
            restored.Dispose();
    }

    internal void Keep(Tile tile, ColourPass pass, Planes restored)
    {
        var whole = _passes.First(kept => kept.Pass == pass).Restored;
        for (int band = 0; band < restored.Bands; band++)
            for (int y = 0; y < tile.Core.Height; y++)
            {
                restored.Row(band, tile.Offset.Y + y).Slice(tile.Offset.X, tile.Core.Width)
                    .CopyTo(whole.Row(band, tile.Core.Y + y)[tile.Core.X..]);
            }
    }

    internal static ImageBuffer Copy(ImageBuffer image)
        => new(image.Width, image.Height, image.Model, image.HasAlpha, image.BitsPerSample, (byte[])image.Data.Clone()) { Metadata = image.Metadata };

    /// <summary>Moves what a model made back to what it was made of, in place.</summary>
    internal static void Blend(Span<float> restored, ReadOnlySpan<float> input, float share)
    {
        if (share == 1)
            return;
        TensorPrimitives.Subtract(restored, input, restored);
        TensorPrimitives.MultiplyAdd(restored, share, input, restored);
    }

    private void Write(ColourPass pass, Planes restored, ImageBuffer output, float share)
    {
        for (int y = 0; y < output.Height; y += Rows)
        {
            var area = new PixelArea(0, y, output.Width, Math.Min(Rows, output.Height - y));
            using var input = PlanePixels.Read(_image, area, pass.FirstBand, pass.Bands, pass.Inverted);
            using var rows = restored.Crop(0, y, area.Width, area.Height);
            Blend(rows.Values, input.Values, share);
            PlanePixels.Write(rows, (0, 0), output, area, pass.FirstBand, pass.Inverted);
        }
    }
}
