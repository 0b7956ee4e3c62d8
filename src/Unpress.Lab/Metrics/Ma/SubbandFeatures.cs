namespace Unpress.Metrics;

/// <summary>
/// Ma's global frequencies, 45 numbers of a picture's steerable pyramid: the shapes of its twelve normalised bands and of those of one orientation
/// in both scales together; contrast and structure (SSIM without luminance) that each band has in common with the high-pass, and those that each
/// two normalised bands of the first scale have.
/// </summary>
internal static class SubbandFeatures
{
    /// <param name="image">0..255.</param>
    public static double[] Of(Raster image)
    {
        var pyramid = SteerablePyramid.Of(image);
        var normalised = pyramid.Bands.Select((bands, scale) => bands.Select((_, k) => DivisiveNormalisation.Of(pyramid, scale, k)).ToArray()).ToArray();
        var features = new List<double>();
        features.AddRange(normalised.SelectMany(bands => bands).Select(band => ShapeOfSample.Of(band.Values)));
        features.AddRange(normalised[0].Zip(normalised[1], (fine, coarse) => ShapeOfSample.Of([.. fine.Values, .. coarse.Values])));
        foreach (var band in pyramid.Bands.SelectMany(bands => bands))
            features.Add(InCommon(band.Width == image.Width && band.Height == image.Height ? band : BicubicEnlarged.Of(band, image.Width, image.Height), pyramid.HighPass));
        for (int i = 0; i < SteerablePyramid.Orientations; i++)
            for (int j = i + 1; j < SteerablePyramid.Orientations; j++)
                features.Add(InCommon(normalised[0][i], normalised[0][j]));
        return [.. features];
    }

    private static double InCommon(Raster a, Raster b) => SsimMap.Mean(Stored(a), Stored(b), SsimWindow.Gaussian).ContrastStructure;

    private static StoredPlane Stored(Raster raster) => new(raster.Width, raster.Height, raster.Values);
}
