using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>The luma of an RGB picture.</summary>
internal sealed class LumaPlane(ImageBuffer image, Luma luma) : Plane(image.Width, image.Height)
{
    public override void ReadRow(int y, Span<double> row)
    {
        int bands = image.Bands, length = Width * bands;
        if (image.BitsPerSample == 8)
        {
            var samples = image.Data.AsSpan(y * length, length);
            for (int x = 0, i = 0; x < Width; x++, i += bands)
                row[x] = luma.Of(samples[i], samples[i + 1], samples[i + 2]);
            return;
        }
        var wide = image.Data16.Slice(y * length, length);
        for (int x = 0, i = 0; x < Width; x++, i += bands)
            row[x] = luma.Of(wide[i] / 257.0, wide[i + 1] / 257.0, wide[i + 2] / 257.0);
    }
}
