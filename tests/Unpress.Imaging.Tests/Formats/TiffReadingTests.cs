using NetVips;

namespace Unpress.Imaging.Tests.Formats;

public class TiffReadingTests
{
    /// <summary>Nothing says what a float of 1.0 means: white, or one step above black.</summary>
    [Theory]
    [InlineData(1, Enums.BandFormat.Float, false)]
    [InlineData(3, Enums.BandFormat.Float, false)]
    [InlineData(3, Enums.BandFormat.Float, true)]
    [InlineData(1, Enums.BandFormat.Int, false)]
    public void Samples_of_other_kinds_are_refused_and_not_called_damaged(int bands, Enums.BandFormat format, bool profile)
    {
        ImageFile.Load(ImageFile.Encode(Pictures.Make(4, 4)), "starts libvips");
        using Image black = Image.Black(20, 10, bands);
        using Image cast = black.Cast(format);
        using Image described = profile ? cast.Copy(interpretation: Enums.Interpretation.Srgb) : cast.Copy();
        using Image picture = described.Mutate(copy =>
        {
            if (profile)
                copy.Set(GValue.BlobType, "icc-profile-data", Image.ProfileLoad("srgb"));
        });
        byte[] tiff = picture.TiffsaveBuffer();
        var error = Assert.Throws<InvalidFileException>(() => ImageFile.Load(tiff, "a.tif"));
        Assert.Contains($"stores samples as {format.ToString().ToLowerInvariant()}, which is not supported", error.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("damaged", error.Reason, StringComparison.Ordinal);
    }
}
