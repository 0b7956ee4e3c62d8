using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Unpress.Imaging.Formats;

/// <summary>Puts rows of decoded pixels where the EXIF orientation says they belong in the upright picture.</summary>
internal readonly struct PixelPlacement
{
    private readonly int _width;
    private readonly int _pixelBytes;
    private readonly long _origin; // byte offset of the source's first pixel in the upright picture
    private readonly long _across; // bytes there from one source pixel to the next in its row
    private readonly long _down; // and from one source row to the next

    /// <param name="orientation">EXIF's 1–8.</param>
    /// <param name="width">Of the source, as the file stores it.</param>
    public PixelPlacement(int orientation, int width, int height, int pixelBytes)
    {
        bool turned = orientation >= 5;
        long pixel = pixelBytes, row = (turned ? height : width) * pixel;
        long right = row - pixel, bottom = ((turned ? width : height) - 1) * row;
        (_width, _pixelBytes) = (width, pixelBytes);
        (_origin, _across, _down) = orientation switch
        {
            2 => (right, -pixel, row),
            3 => (right + bottom, -pixel, -row),
            4 => (bottom, pixel, -row),
            5 => (0L, row, pixel),
            6 => (right, row, -pixel),
            7 => (right + bottom, -row, -pixel),
            8 => (bottom, -row, pixel),
            _ => (0L, pixel, row),
        };
    }

    /// <param name="rows">Whole rows of the source, of which the first is number <paramref name="top"/>.</param>
    /// <param name="upright">The whole upright picture.</param>
    public void Place(ReadOnlySpan<byte> rows, Span<byte> upright, int top)
    {
        switch (_pixelBytes)
        {
            case 1: Place<byte>(rows, upright, top); break;
            case 2: Place<ushort>(rows, upright, top); break;
            case 3: Place<Bytes3>(rows, upright, top); break;
            case 4: Place<uint>(rows, upright, top); break;
            case 5: Place<Bytes5>(rows, upright, top); break;
            case 6: Place<Bytes6>(rows, upright, top); break;
            case 8: Place<ulong>(rows, upright, top); break;
            case 10: Place<Bytes10>(rows, upright, top); break;
            default: throw new InvalidOperationException($"pixels of {_pixelBytes} bytes");
        }
    }

    private void Place<T>(ReadOnlySpan<byte> rows, Span<byte> upright, int top)
        where T : unmanaged
    {
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(rows);
        Span<T> target = MemoryMarshal.Cast<byte, T>(upright);
        int width = _width, height = source.Length / width, size = Unsafe.SizeOf<T>();
        int across = (int)(_across / size), down = (int)(_down / size), start = (int)((_origin + (_down * top)) / size);
        // The inner loop follows the target's rows, whichever way the picture is turned: writing down its columns is far slower.
        bool turned = Math.Abs(down) == 1;
        (int outer, int inner) = turned ? (width, height) : (height, width);
        (int sourceOuter, int sourceInner) = turned ? (1, width) : (width, 1);
        (int targetOuter, int targetInner) = turned ? (across, down) : (down, across);
        for (int i = 0; i < outer; i++)
        {
            int from = i * sourceOuter, to = start + (i * targetOuter);
            for (int j = 0; j < inner; j++, from += sourceInner, to += targetInner)
                target[to] = source[from];
        }
    }

    [InlineArray(3)]
    private struct Bytes3
    {
        private byte _first;
    }

    [InlineArray(5)]
    private struct Bytes5
    {
        private byte _first;
    }

    [InlineArray(6)]
    private struct Bytes6
    {
        private byte _first;
    }

    [InlineArray(10)]
    private struct Bytes10
    {
        private byte _first;
    }
}
