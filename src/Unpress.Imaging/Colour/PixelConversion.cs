namespace Unpress.Imaging.Colour;

/// <summary>Changes of depth and bands that lose something, each by one stated rule.</summary>
public static class PixelConversion
{
    /// <summary>Whether there is no alpha band, or it is at its maximum everywhere.</summary>
    public static bool IsOpaque(ImageBuffer image)
    {
        if (!image.HasAlpha)
            return true;
        for (int y = 0; y < image.Height; y++)
        {
            for (int x = 0; x < image.Width; x++)
            {
                if (image.Sample(x, y, image.Bands - 1) != image.MaxValue)
                    return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The colour bands at 8 bits: alpha left out, 16-bit samples divided by 257 and rounded to nearest. The same object when nothing
    /// changes.
    /// </summary>
    public static ImageBuffer ToEightBitColour(ImageBuffer image)
    {
        if (image is { HasAlpha: false, BitsPerSample: 8 })
            return image;
        var result = new ImageBuffer(image.Width, image.Height, image.Model);
        int bands = image.ColourBands;
        for (int pixel = 0; pixel < image.Width * image.Height; pixel++)
        {
            for (int band = 0; band < bands; band++)
            {
                int from = (pixel * image.Bands) + band;
                result.Data[(pixel * bands) + band] = image.BitsPerSample == 8 ? image.Data[from] : (byte)((image.Data16[from] + 128) / 257);
            }
        }

        return result;
    }

    /// <summary>Gray as RGB with three equal bands, for formats that have no gray; alpha stays. 8 bits. An RGB picture is returned itself.</summary>
    public static ImageBuffer ToRgb(ImageBuffer image)
    {
        if (image.Model == ColourModel.Rgb)
            return image;
        var rgb = new ImageBuffer(image.Width, image.Height, ColourModel.Rgb, image.HasAlpha);
        int from = 0, to = 0;
        while (from < image.Data.Length)
        {
            rgb.Data.AsSpan(to, 3).Fill(image.Data[from++]);
            to += 3;
            if (image.HasAlpha)
                rgb.Data[to++] = image.Data[from++];
        }

        return rgb;
    }

    /// <summary>Full-range BT.601 luma, 0.299 R + 0.587 G + 0.114 B rounded to nearest, of an 8-bit RGB picture; a gray one is returned itself.</summary>
    public static ImageBuffer ToGray(ImageBuffer image)
    {
        if (image.Model == ColourModel.Gray)
            return image;
        var planes = YccConversion.FromPixels(image, ChromaSubsampling.C420);
        return new ImageBuffer(image.Width, image.Height, ColourModel.Gray, data: planes.Luma.ToArray());
    }
}
