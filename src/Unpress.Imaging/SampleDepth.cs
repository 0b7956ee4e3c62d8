namespace Unpress.Imaging;

/// <summary>8 bits to 16 and back.</summary>
public static class SampleDepth
{
    /// <summary>The picture itself when it has the depth already. 8 to 16: × 257, exact. 16 to 8: to the nearest.</summary>
    public static ImageBuffer Convert(ImageBuffer image, int bits)
    {
        if (image.BitsPerSample == bits)
            return image;
        var result = new ImageBuffer(image.Width, image.Height, image.Model, image.HasAlpha, bits) { Metadata = image.Metadata };
        if (bits == 16)
        {
            Span<ushort> deep = result.Data16;
            for (int i = 0; i < deep.Length; i++)
                deep[i] = (ushort)(image.Data[i] * 257);
            return result;
        }
        ReadOnlySpan<ushort> samples = image.Data16;
        for (int i = 0; i < samples.Length; i++)
            result.Data[i] = (byte)((samples[i] + 128) / 257);
        return result;
    }
}
