using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>One colour band of a picture: gray, R, G or B.</summary>
internal sealed class BandPlane(ImageBuffer image, int band, bool rounded = false) : Plane(image.Width, image.Height)
{
    /// <summary>Every colour band of the picture as a plane, alpha left out.</summary>
    public static BandPlane[] AllOf(ImageBuffer image)
    {
        var planes = new BandPlane[image.ColourBands];
        for (int band = 0; band < planes.Length; band++)
            planes[band] = new BandPlane(image, band);
        return planes;
    }

    public override void ReadRow(int y, Span<double> row)
    {
        int bands = image.Bands, length = Width * bands;
        if (image.BitsPerSample == 8)
        {
            var samples = image.Data.AsSpan(y * length, length);
            for (int x = 0, i = band; x < Width; x++, i += bands)
                row[x] = samples[i];
            return;
        }
        var wide = image.Data16.Slice(y * length, length);
        for (int x = 0, i = band; x < Width; x++, i += bands)
            row[x] = wide[i] / 257.0;
        if (rounded)
            for (int x = 0; x < Width; x++)
                row[x] = Math.Floor(row[x] + 0.5);
    }
}
