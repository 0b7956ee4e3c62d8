using Unpress.Imaging.Jpeg;

namespace Unpress.Inference;

/// <summary>
/// How much of a network's correction a picture gets that says itself that it was hardly compressed. Above quality factor 90 the default
/// network changes more than JPEG did (LIVE1, QF 98: 41.72 dB before, 40.77 after), but a part of its correction still helps: 50 % at
/// QF 95 gives +0.19 dB, 20 % at QF 98 gives +0.01 dB. So the share falls in a straight line from all at QF 90 to nothing at QF 100.
/// A file without quantisation tables (a PNG made of a JPEG) gets all.
/// </summary>
public static class NearlyClean
{
    private const double Full = 90;
    private const double None = 100;

    /// <summary>0..1.</summary>
    public static double Share(JpegAnatomy? jpeg)
        => jpeg is null ? 1 : Math.Clamp((None - jpeg.Quality.Quality) / (None - Full), 0, 1);
}
