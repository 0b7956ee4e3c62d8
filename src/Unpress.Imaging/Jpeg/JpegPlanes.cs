using System.Runtime.InteropServices;

namespace Unpress.Imaging.Jpeg;

/// <summary>
/// The 8-bit planes of a picture, or of some rows of its units, each padded to whole blocks and to an even number of them across:
/// pixels are sampled into them and rendered from them, blocks are transformed in them. Memory is kept for the next picture.
/// </summary>
internal sealed unsafe class JpegPlanes : IDisposable
{
    private const int Alignment = 64;
    private JpegLayout _layout = null!;
    private Plane[] _planes = [];
    private byte* _data;
    private nuint _capacity;
    private nint _sums;
    private int _unitRows;

    ~JpegPlanes() => NativeMemory.AlignedFree(_data);

    public nuint Capacity => _capacity;

    /// <summary>Makes room for that many rows of units. What the planes hold is undefined.</summary>
    public void Arrange(JpegLayout layout, int unitRows)
    {
        (_layout, _unitRows) = (layout, unitRows);
        if (_planes.Length != layout.Components.Length)
            _planes = new Plane[layout.Components.Length];
        nint size = Alignment;
        for (int i = 0; i < _planes.Length; i++)
        {
            JpegComponent c = layout.Components[i];
            var plane = new Plane
            {
                Across = layout.Across(c),
                Down = layout.Down(c),
                Vertical = c.Vertical,
                BlocksWide = c.BlocksWide,
                BlocksHigh = c.BlocksHigh,
                SamplesWide = layout.SamplesWide(c),
                SamplesHigh = layout.SamplesHigh(c),
                Stride = RoundUp((8 * c.BlocksWide) + 8),
                Offset = size,
            };
            plane.IsFull = plane.Across == 1 && plane.Down == 1;
            size += (plane.Stride * 8 * unitRows * c.Vertical) + JpegResampling.Slack;
            if (!plane.IsFull)
            {
                // Rows at the picture's full size, before they are reduced or after they were enlarged.
                plane.SpareStride = RoundUp((plane.Across * 8 * c.BlocksWide) + JpegResampling.Slack);
                plane.SpareOffset = size;
                size += (plane.SpareStride * layout.MaxVertical) + JpegResampling.Slack;
            }

            _planes[i] = plane;
        }

        // Sums of two rows of chroma, of 16 bits.
        _sums = size;
        size += (2 * RoundUp(layout.Width)) + (4 * JpegResampling.Slack);
        Reserve((nuint)size);
    }

    /// <summary>One row of samples of a plane.</summary>
    public byte* Row(int component, nint y) => _data + _planes[component].Offset + (_planes[component].Stride * y);

    public nint Stride(int component) => _planes[component].Stride;

    /// <summary>Quantises and back: compression and decompression of the planes, without the coding that loses nothing.</summary>
    public void RoundTrip(ReadOnlySpan<Quantiser> quantisers)
    {
        for (int i = 0; i < _planes.Length; i++)
        {
            for (int y = 0; y < _planes[i].BlocksHigh; y++)
                JpegDct.RoundTrip(Row(i, 8 * y), _planes[i].Stride, quantisers[i], _planes[i].BlocksWide);
        }
    }

    /// <summary>Fills the planes: colour, means of chroma, edges repeated as libjpeg repeats them.</summary>
    /// <param name="pixels">The whole picture, interleaved; 3 bands are R, G, B and become YCbCr, others stay as they are.</param>
    /// <param name="firstUnitRow">Which row of units comes first in the planes.</param>
    public void Sample(byte* pixels, int firstUnitRow)
    {
        int max = _layout.MaxVertical, groups = JpegLayout.Ceiling(_layout.Height, max);
        int first = 8 * firstUnitRow, last = Math.Min(first + (8 * _unitRows), groups);
        nint pixelStride = (nint)_layout.Width * _planes.Length;
        byte** rows = stackalloc byte*[_planes.Length];
        for (int group = first; group < last; group++)
        {
            for (int v = 0; v < max; v++)
            {
                int y = Math.Min((group * max) + v, _layout.Height - 1);
                for (int i = 0; i < _planes.Length; i++)
                    rows[i] = _planes[i].IsFull ? Row(i, ((group - first) * max) + v) : Spare(i, v);
                Separate(pixels + (y * pixelStride), rows);
                for (int i = 0; i < _planes.Length; i++)
                    JpegResampling.Extend(rows[i], _layout.Width, 8 * _planes[i].BlocksWide * _planes[i].Across);
            }

            for (int i = 0; i < _planes.Length; i++)
                Reduce(i, group - first);
        }

        // Below the picture libjpeg repeats the last row of each plane, not of the picture.
        for (int i = 0; i < _planes.Length; i++)
        {
            ref Plane plane = ref _planes[i];
            nint rowsMade = (last - first) * plane.Vertical;
            for (nint y = rowsMade; y < 8 * _unitRows * plane.Vertical; y++)
                NativeMemory.Copy(Row(i, rowsMade - 1), Row(i, y), (nuint)plane.Stride);
        }
    }

    /// <summary>Pixels of the whole picture from planes that hold all of it.</summary>
    /// <param name="space">What the planes mean; YCbCr becomes R, G, B and YCCK the CMYK that Adobe's programs store.</param>
    public void Render(byte* pixels, JpegColourSpace space)
    {
        nint pixelStride = (nint)_layout.Width * _planes.Length;
        byte** rows = stackalloc byte*[_planes.Length];
        for (int y = 0; y < _layout.Height; y++)
        {
            for (int i = 0; i < _planes.Length; i++)
                rows[i] = _planes[i].IsFull ? Row(i, y) : Enlarge(i, y);
            Combine(rows, pixels + (y * pixelStride), space);
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
        GC.SuppressFinalize(this);
    }

    private static nint RoundUp(nint value) => (value + Alignment - 1) / Alignment * Alignment;

    private byte* Spare(int component, int row) => _data + _planes[component].SpareOffset + (_planes[component].SpareStride * row);

    private void Reserve(nuint size)
    {
        if (size <= _capacity)
            return;
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
        _data = (byte*)NativeMemory.AlignedAlloc(size, Alignment);
        NativeMemory.Clear(_data, size); // padding that is never written is read with the rest
        _capacity = size;
    }

    private void Separate(byte* pixels, byte** rows)
    {
        int bands = _planes.Length;
        if (bands == 3)
        {
            JpegColour.ToYcc(pixels, rows[0], rows[1], rows[2], _layout.Width);
            return;
        }

        for (int i = 0; i < bands; i++)
            JpegColour.TakeBand(pixels + i, bands, rows[i], _layout.Width);
    }

    private void Combine(byte** rows, byte* pixels, JpegColourSpace space)
    {
        int bands = _planes.Length;
        if (space == JpegColourSpace.YCbCr)
        {
            JpegColour.ToRgb(rows[0], rows[1], rows[2], pixels, _layout.Width);
        }
        else if (space == JpegColourSpace.Ycck)
        {
            JpegColour.ToCmyk(rows[0], rows[1], rows[2], rows[3], pixels, _layout.Width);
        }
        else
        {
            for (int i = 0; i < bands; i++)
                JpegColour.PutBand(rows[i], pixels + i, bands, _layout.Width);
        }
    }

    private void Reduce(int component, int group)
    {
        ref Plane plane = ref _planes[component];
        if (plane.IsFull)
            return;
        for (int v = 0; v < plane.Vertical; v++)
        {
            JpegResampling.Reduce(
                Spare(component, v * plane.Down), plane.SpareStride, plane.Across, plane.Down,
                Row(component, (group * plane.Vertical) + v), 8 * plane.BlocksWide);
        }
    }

    private byte* Enlarge(int component, int y)
    {
        ref Plane plane = ref _planes[component];
        (int row, int below) = Math.DivRem(y, plane.Down);
        byte* target = Spare(component, 0), near = Row(component, row);
        byte* far = Row(component, Math.Clamp(below > 0 ? row + 1 : row - 1, 0, plane.SamplesHigh - 1));
        ushort* sums = (ushort*)(_data + _sums);
        if (plane.Across == 1 && plane.Down == 2)
            JpegResampling.DoubleDown(near, far, plane.SamplesWide, below + 1, target);
        else if (plane.Across == 2 && plane.Down == 1 && plane.SamplesWide > 2)
            JpegResampling.DoubleAcross(near, plane.SamplesWide, sums, target);
        else if (plane.Across == 2 && plane.Down == 2 && plane.SamplesWide > 2)
            JpegResampling.DoubleBoth(near, far, plane.SamplesWide, sums, target);
        else
            JpegResampling.Repeat(near, plane.SamplesWide, plane.Across, target);
        return target;
    }

    /// <summary>One plane: its part of the layout, and where it lies.</summary>
    private struct Plane
    {
        public int Across, Down, Vertical, BlocksWide, BlocksHigh, SamplesWide, SamplesHigh;
        public bool IsFull;
        public nint Offset, Stride, SpareOffset, SpareStride;
    }
}
