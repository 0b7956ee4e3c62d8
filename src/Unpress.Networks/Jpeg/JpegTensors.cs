using Unpress.Data;
using Unpress.Torch;

namespace Unpress.Jpeg;

/// <summary>
/// What a JPEG file stores of a picture, for networks that work on coefficients: its components in the file's order (Y, or Y Cb Cr), all
/// beginning at the picture's top left pixel and filling whole MCUs (16×16 pixels at 4:2:0), of which the last may lie outside the picture.
/// </summary>
public sealed record JpegTensors(IReadOnlyList<JpegPlane> Planes)
{
    private const int Block = 8;

    /// <summary>Pixels across of one MCU.</summary>
    public int McuWidth => Block * Planes.Max(plane => plane.Horizontal);

    /// <summary>Pixels down of one MCU.</summary>
    public int McuHeight => Block * Planes.Max(plane => plane.Vertical);

    /// <summary>The part that describes an area of the picture; it ends where the area's last MCU ends.</summary>
    /// <exception cref="ArgumentException">The area does not begin at an MCU.</exception>
    public JpegTensors Crop(PixelArea area)
    {
        if (area.X % McuWidth != 0 || area.Y % McuHeight != 0)
            throw new ArgumentException($"{area} does not begin at a multiple of {McuWidth}x{McuHeight} pixels", nameof(area));
        return this with { Planes = [.. Planes.Select(plane => plane with { Coefficients = Crop(plane, area) })] };
    }

    /// <summary>At least <paramref name="height"/> × <paramref name="width"/> pixels: the last blocks are repeated where the file ends.</summary>
    public JpegTensors Cover(long height, long width)
        => this with { Planes = [.. Planes.Select(plane => plane with { Coefficients = Cover(plane, height, width) })] };

    /// <summary>Every tensor through a function: to another device, into another scope.</summary>
    public JpegTensors Map(Func<Tensor, Tensor> change)
        => this with { Planes = [.. Planes.Select(plane => plane with { Coefficients = change(plane.Coefficients), Table = change(plane.Table) })] };

    private Tensor Crop(JpegPlane plane, PixelArea area)
    {
        long left = area.X / McuWidth * Block * plane.Horizontal, top = area.Y / McuHeight * Block * plane.Vertical;
        return plane.Coefficients
            .Narrow(2, top, Mcus(area.Height, McuHeight) * Block * plane.Vertical)
            .Narrow(3, left, Mcus(area.Width, McuWidth) * Block * plane.Horizontal);
    }

    private Tensor Cover(JpegPlane plane, long height, long width)
    {
        long rows = Mcus(height, McuHeight) * plane.Vertical, columns = Mcus(width, McuWidth) * plane.Horizontal;
        return Repeat(Repeat(plane.Coefficients, 2, rows), 3, columns);
    }

    /// <summary>Repeats the last line of blocks until there are <paramref name="blocks"/>.</summary>
    private static Tensor Repeat(Tensor coefficients, int dimension, long blocks)
    {
        long missing = blocks - (coefficients.Size(dimension) / Block);
        if (missing <= 0)
            return coefficients;
        var last = coefficients.Narrow(dimension, coefficients.Size(dimension) - Block, Block);
        return Tensor.Cat([coefficients, .. Enumerable.Repeat(last, (int)missing)], dimension);
    }

    private static long Mcus(long pixels, int mcu) => (pixels + mcu - 1) / mcu;
}

/// <summary>One colour component of a JPEG as tensors.</summary>
/// <param name="Coefficients">
/// [N, 1, Hc, Wc] float, the quantised DCT coefficients in the place of the pixels they describe: each 8×8 cell is one block, row = vertical
/// frequency, column = horizontal frequency, DC at its top left.
/// </param>
/// <param name="Table">[N, 1, 8, 8] float, the quantisation table in the same order.</param>
/// <param name="Horizontal">Sampling factor across, as the frame header has it.</param>
/// <param name="Vertical">Sampling factor down.</param>
public sealed record JpegPlane(Tensor Coefficients, Tensor Table, int Horizontal = 1, int Vertical = 1);
