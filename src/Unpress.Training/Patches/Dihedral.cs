namespace Unpress.Patches;

/// <summary>
/// The 8 flips and quarter turns of a square. Orientation bits: 1 mirrors left-right, 2 mirrors top-bottom, 4 swaps rows and columns;
/// the pixel at (x, y) of the result is the source's pixel at (x, y), first swapped, then mirrored.
/// </summary>
public static class Dihedral
{
    public const int Count = 8;

    /// <summary>
    /// Copies a square region of an interleaved 8-bit picture, turned, optionally as luma.
    /// </summary>
    /// <param name="pixels">The picture, H × W × bands.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="bands">1 or 3.</param>
    /// <param name="left">Left edge of the region.</param>
    /// <param name="top">Top edge of the region.</param>
    /// <param name="side">Its side.</param>
    /// <param name="orientation">0..7.</param>
    /// <param name="outputBands">1: gray (BT.601 luma of RGB, full range); 3: RGB.</param>
    /// <param name="output">side × side × outputBands.</param>
    public static void CopySquare(
        ReadOnlySpan<byte> pixels, int width, int bands, int left, int top, int side, int orientation, int outputBands, Span<byte> output)
    {
        int stepX = bands, stepY = width * bands;
        int start = ((top * width) + left) * bands;
        if ((orientation & 1) != 0)
        {
            start += (side - 1) * stepX;
            stepX = -stepX;
        }

        if ((orientation & 2) != 0)
        {
            start += (side - 1) * stepY;
            stepY = -stepY;
        }

        if ((orientation & 4) != 0)
            (stepX, stepY) = (stepY, stepX);

        int to = 0;
        for (int y = 0; y < side; y++)
        {
            int from = start + (y * stepY);
            for (int x = 0; x < side; x++, from += stepX)
            {
                if (bands == outputBands)
                {
                    for (int band = 0; band < bands; band++)
                        output[to++] = pixels[from + band];
                }
                else
                {
                    output[to++] = Luma(pixels[from], pixels[from + 1], pixels[from + 2]);
                }
            }
        }
    }

    // The luma JPEG itself uses, 16-bit fixed point, rounded.
    private static byte Luma(int r, int g, int b) => (byte)(((19595 * r) + (38470 * g) + (7471 * b) + 32768) >> 16);
}
