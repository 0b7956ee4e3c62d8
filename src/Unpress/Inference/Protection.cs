using Unpress.Imaging;
using Unpress.Imaging.Formats;

namespace Unpress.Inference;

/// <summary>
/// A mask over a picture: where it is white the picture stays as it was, where it is black it is restored, and gray keeps a part. The blend is that
/// of <see cref="ModelEnhancerOptions.Strength"/>, pixel by pixel.
/// </summary>
public sealed class Protection
{
    private readonly int _width;
    private readonly int _height;
    private readonly byte[] _kept;

    /// <param name="mask">Upright, of the picture's size. Of colours the mean counts, alpha does not.</param>
    /// <exception cref="UnsuitablePictureException">It is CMYK.</exception>
    public Protection(ImageBuffer mask)
    {
        ArgumentNullException.ThrowIfNull(mask);
        if (mask.Model == ColourModel.Cmyk)
            throw new UnsuitablePictureException("the mask is CMYK; it must be gray or RGB");
        var shallow = SampleDepth.Convert(mask, 8);
        (_width, _height, _kept) = (mask.Width, mask.Height, new byte[mask.Width * mask.Height]);
        for (int pixel = 0; pixel < _kept.Length; pixel++)
        {
            int sum = 0;
            foreach (byte value in shallow.Data.AsSpan(pixel * shallow.Bands, shallow.ColourBands))
                sum += value;
            _kept[pixel] = (byte)(sum / shallow.ColourBands);
        }
    }

    /// <summary>Puts back what is protected, in place.</summary>
    /// <exception cref="UnsuitablePictureException">The mask or the result is not of the picture's size, or the result has other samples.</exception>
    public void Apply(ImageBuffer before, ImageBuffer restored)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(restored);
        if ((_width, _height) != (before.Width, before.Height))
            throw new UnsuitablePictureException($"the mask is {_width}x{_height} and the picture {before.Width}x{before.Height}; they must be of one size");
        if ((before.Bands, before.BitsPerSample, before.Data.Length) != (restored.Bands, restored.BitsPerSample, restored.Data.Length))
            throw new UnsuitablePictureException("the result has other samples than the picture, so that no part of it can be put back");
        if (before.BitsPerSample == 8)
            Blend(before.Data, restored.Data, before.Bands);
        else
            Blend(before.Data16, restored.Data16, before.Bands);
    }

    private void Blend(ReadOnlySpan<byte> before, Span<byte> restored, int bands)
    {
        for (int pixel = 0; pixel < _kept.Length; pixel++)
        {
            int kept = _kept[pixel];
            if (kept == 0)
                continue;
            for (int k = pixel * bands; k < (pixel + 1) * bands; k++)
                restored[k] = (byte)(((restored[k] * (255 - kept)) + (before[k] * kept) + 127) / 255);
        }
    }

    private void Blend(ReadOnlySpan<ushort> before, Span<ushort> restored, int bands)
    {
        for (int pixel = 0; pixel < _kept.Length; pixel++)
        {
            int kept = _kept[pixel];
            if (kept == 0)
                continue;
            for (int k = pixel * bands; k < (pixel + 1) * bands; k++)
                restored[k] = (ushort)(((restored[k] * (255 - kept)) + (before[k] * kept) + 127) / 255);
        }
    }
}
