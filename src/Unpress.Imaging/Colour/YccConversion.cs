namespace Unpress.Imaging.Colour;

/// <summary>
/// RGB to <see cref="YccImage"/> and back in whole numbers, so that every machine gives the same bytes.
/// ITU-R BT.601 with full range, as in JFIF: Y = 0.299 R + 0.587 G + 0.114 B, Cb = 128 + 0.564 (B − Y), Cr = 128 + 0.713 (R − Y),
/// rounded to nearest. Halved chroma is the mean of the samples it covers (edges repeated), taken before rounding; it is doubled
/// with the triangle filter (3/4 the nearer sample, 1/4 the farther, in each halved direction), as libjpeg does.
/// </summary>
internal static class YccConversion
{
    // 16 fractional bits. Each chroma row sums to 0, so that gray has chroma 128 exactly.
    private const int LumaR = 19595, LumaG = 38470, LumaB = 7471;
    private const int CbR = -11059, CbG = -21709, CbB = 32768;
    private const int CrR = 32768, CrG = -27439, CrB = -5329;
    private const int RedCr = 91881, GreenCb = -22554, GreenCr = -46802, BlueCb = 116130;

    /// <summary>Planes of an 8-bit gray or RGB picture without alpha; a gray one has luma only, whatever the subsampling.</summary>
    public static YccImage FromPixels(ImageBuffer image, ChromaSubsampling subsampling)
    {
        if (image.Model == ColourModel.Gray)
            return new YccImage(image.Width, image.Height, null, [.. image.Data]);
        var result = new YccImage(image.Width, image.Height, subsampling);
        FillLuma(image.Data, result.Luma);
        FillChroma(image, result);
        return result;
    }

    /// <summary>An RGB picture, or a gray one when there is no chroma.</summary>
    public static ImageBuffer ToPixels(YccImage planes)
    {
        if (planes.Subsampling is null)
            return new ImageBuffer(planes.Width, planes.Height, ColourModel.Gray, data: [.. planes.Data]);
        var result = new ImageBuffer(planes.Width, planes.Height, ColourModel.Rgb);
        int[] cb = new int[planes.Width], cr = new int[planes.Width];
        for (int y = 0; y < planes.Height; y++)
        {
            UpsampleRow(planes, planes.Cb, y, cb);
            UpsampleRow(planes, planes.Cr, y, cr);
            var luma = planes.Luma.Slice(y * planes.Width, planes.Width);
            var row = result.Data.AsSpan(y * planes.Width * 3, planes.Width * 3);
            for (int x = 0; x < luma.Length; x++)
            {
                // Chroma has 4 fractional bits from the filter, coefficients 16: 20 together.
                int scaled = luma[x] << 20, half = 1 << 19;
                row[3 * x] = Clamp((scaled + (RedCr * cr[x]) + half) >> 20);
                row[(3 * x) + 1] = Clamp((scaled + (GreenCb * cb[x]) + (GreenCr * cr[x]) + half) >> 20);
                row[(3 * x) + 2] = Clamp((scaled + (BlueCb * cb[x]) + half) >> 20);
            }
        }

        return result;
    }

    private static void FillLuma(ReadOnlySpan<byte> rgb, Span<byte> luma)
    {
        for (int i = 0; i < luma.Length; i++)
            luma[i] = (byte)(((LumaR * rgb[3 * i]) + (LumaG * rgb[(3 * i) + 1]) + (LumaB * rgb[(3 * i) + 2]) + (1 << 15)) >> 16);
    }

    private static void FillChroma(ImageBuffer image, YccImage planes)
    {
        int stepX = planes.Subsampling == ChromaSubsampling.C444 ? 1 : 2;
        int stepY = planes.Subsampling == ChromaSubsampling.C420 ? 2 : 1;
        int shift = 16 + (stepX == 2 ? 1 : 0) + (stepY == 2 ? 1 : 0);
        long offset = (128L << shift) + (1L << (shift - 1));
        for (int y = 0; y < planes.ChromaHeight; y++)
        {
            for (int x = 0; x < planes.ChromaWidth; x++)
            {
                int red = 0, green = 0, blue = 0;
                for (int i = 0; i < stepX * stepY; i++)
                {
                    int sourceX = Math.Min((x * stepX) + (i % stepX), image.Width - 1);
                    int sourceY = Math.Min((y * stepY) + (i / stepX), image.Height - 1);
                    var pixel = image.Data.AsSpan(((sourceY * image.Width) + sourceX) * 3, 3);
                    red += pixel[0];
                    green += pixel[1];
                    blue += pixel[2];
                }

                int at = (y * planes.ChromaWidth) + x;
                planes.Cb[at] = Clamp((int)((((long)CbR * red) + ((long)CbG * green) + ((long)CbB * blue) + offset) >> shift));
                planes.Cr[at] = Clamp((int)((((long)CrR * red) + ((long)CrG * green) + ((long)CrB * blue) + offset) >> shift));
            }
        }
    }

    // One row of chroma at luma resolution, minus 128, times 16.
    private static void UpsampleRow(YccImage planes, ReadOnlySpan<byte> chroma, int y, int[] row)
    {
        bool halvedX = planes.Subsampling != ChromaSubsampling.C444, halvedY = planes.Subsampling == ChromaSubsampling.C420;
        int width = planes.ChromaWidth;
        var near = chroma.Slice((halvedY ? y / 2 : y) * width, width);
        var far = chroma.Slice((halvedY ? Neighbour(y, planes.ChromaHeight) : y) * width, width);
        for (int x = 0; x < row.Length; x++)
        {
            int nearX = halvedX ? x / 2 : x, farX = halvedX ? Neighbour(x, width) : x;
            row[x] = (3 * ((3 * near[nearX]) + far[nearX])) + (3 * near[farX]) + far[farX] - (128 * 16);
        }
    }

    // The second nearest chroma sample: to the left of even luma samples, to the right of odd ones.
    private static int Neighbour(int luma, int count) => Math.Clamp((luma / 2) + ((luma & 1) == 0 ? -1 : 1), 0, count - 1);

    private static byte Clamp(int value) => (byte)Math.Clamp(value, 0, 255);
}
