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
    private byte* _data;
    private nuint _capacity;
    private nint[] _offsets = [], _strides = [], _spareOffsets = [], _spareStrides = [];
    private int _unitRows;

    ~JpegPlanes() => NativeMemory.AlignedFree(_data);

    public nuint Capacity => _capacity;

    /// <summary>Makes room for that many rows of units. What the planes hold is undefined.</summary>
    public void Arrange(JpegLayout layout, int unitRows)
    {
        int count = layout.Components.Count;
        (_layout, _unitRows) = (layout, unitRows);
        if (_offsets.Length != count)
            (_offsets, _strides, _spareOffsets, _spareStrides) = (new nint[count], new nint[count], new nint[count], new nint[count]);
        nint size = Alignment;
        for (int i = 0; i < count; i++)
        {
            JpegComponent c = layout.Components[i];
            _strides[i] = RoundUp((8 * c.BlocksWide) + 8);
            _offsets[i] = size;
            size += (_strides[i] * RowsOf(i)) + JpegResampling.Slack;
        }

        for (int i = 0; i < count; i++)
        {
            // Rows at the picture's full size, before they are reduced or after they were enlarged.
            JpegComponent c = layout.Components[i];
            _spareStrides[i] = RoundUp((layout.Across(c) * 8 * c.BlocksWide) + JpegResampling.Slack);
            _spareOffsets[i] = size;
            size += (_spareStrides[i] * layout.MaxVertical) + JpegResampling.Slack;
        }

        // Sums of two rows of chroma, of 16 bits.
        SumsOffset = size;
        size += (2 * RoundUp(layout.Width)) + (4 * JpegResampling.Slack);
        Reserve((nuint)size);
    }

    /// <summary>One row of samples of a plane.</summary>
    public byte* Row(int component, nint y) => _data + _offsets[component] + (_strides[component] * y);

    public nint Stride(int component) => _strides[component];

    /// <summary>The rows of blocks of a plane that there is room for.</summary>
    public int BlockRows(int component) => _unitRows * _layout.Components[component].Vertical;

    /// <summary>Quantises and back: compression and decompression of the planes, without the coding that loses nothing.</summary>
    public void RoundTrip(IReadOnlyList<Quantiser> quantisers)
    {
        for (int i = 0; i < _offsets.Length; i++)
        {
            JpegComponent c = _layout.Components[i];
            for (int y = 0; y < c.BlocksHigh; y++)
                JpegDct.RoundTrip(Row(i, 8 * y), _strides[i], quantisers[i], c.BlocksWide);
        }
    }

    /// <summary>Fills the planes: colour, means of chroma, edges repeated as libjpeg repeats them.</summary>
    /// <param name="pixels">The whole picture, interleaved; 3 bands are R, G, B and become YCbCr, others stay as they are.</param>
    /// <param name="firstUnitRow">Which row of units comes first in the planes.</param>
    public void Sample(byte* pixels, int firstUnitRow)
    {
        JpegLayout layout = _layout;
        int max = layout.MaxVertical, groups = JpegLayout.Ceiling(layout.Height, max);
        int first = 8 * firstUnitRow, last = Math.Min(first + (8 * _unitRows), groups);
        byte** rows = stackalloc byte*[layout.Components.Count];
        for (int group = first; group < last; group++)
        {
            for (int v = 0; v < max; v++)
            {
                int y = Math.Min((group * max) + v, layout.Height - 1);
                for (int i = 0; i < layout.Components.Count; i++)
                    rows[i] = IsFull(i) ? Row(i, ((group - first) * max) + v) : Spare(i, v);
                Separate(pixels + ((nint)y * layout.Width * layout.Components.Count), rows);
                for (int i = 0; i < layout.Components.Count; i++)
                {
                    JpegComponent c = layout.Components[i];
                    JpegResampling.Extend(rows[i], layout.Width, 8 * c.BlocksWide * layout.Across(c));
                }
            }

            for (int i = 0; i < layout.Components.Count; i++)
                Reduce(i, group - first);
        }

        for (int i = 0; i < layout.Components.Count; i++)
            RepeatLastRow(i, (last - first) * layout.Components[i].Vertical);
    }

    /// <summary>Pixels of the whole picture from planes that hold all of it.</summary>
    /// <param name="space">What the planes mean; YCbCr becomes R, G, B and YCCK the CMYK that Adobe's programs store.</param>
    public void Render(byte* pixels, JpegColourSpace space)
    {
        JpegLayout layout = _layout;
        byte** rows = stackalloc byte*[layout.Components.Count];
        for (int y = 0; y < layout.Height; y++)
        {
            for (int i = 0; i < layout.Components.Count; i++)
                rows[i] = IsFull(i) ? Row(i, y) : Enlarge(i, y);
            Combine(rows, pixels + ((nint)y * layout.Width * layout.Components.Count), space);
        }
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
        _capacity = 0;
        GC.SuppressFinalize(this);
    }

    private nint SumsOffset { get; set; }

    private static nint RoundUp(nint value) => (value + Alignment - 1) / Alignment * Alignment;

    private nint RowsOf(int component) => 8 * (nint)BlockRows(component);

    private bool IsFull(int component) =>
        _layout.Components[component].Horizontal == _layout.MaxHorizontal && _layout.Components[component].Vertical == _layout.MaxVertical;

    private byte* Spare(int component, int row) => _data + _spareOffsets[component] + (_spareStrides[component] * row);

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
        int bands = _layout.Components.Count;
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
        int bands = _layout.Components.Count;
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
        if (IsFull(component))
            return;
        JpegComponent c = _layout.Components[component];
        int down = _layout.Down(c);
        for (int v = 0; v < c.Vertical; v++)
        {
            JpegResampling.Reduce(
                Spare(component, v * down), _spareStrides[component], _layout.Across(c), down,
                Row(component, (group * c.Vertical) + v), 8 * c.BlocksWide);
        }
    }

    // Below the picture libjpeg repeats the last row of each plane, not of the picture.
    private void RepeatLastRow(int component, nint rows)
    {
        for (nint y = rows; y < RowsOf(component); y++)
            NativeMemory.Copy(Row(component, rows - 1), Row(component, y), (nuint)_strides[component]);
    }

    private byte* Enlarge(int component, int y)
    {
        JpegComponent c = _layout.Components[component];
        int across = _layout.Across(c), down = _layout.Down(c);
        int width = _layout.SamplesWide(c), height = _layout.SamplesHigh(c), row = y / down;
        byte* target = Spare(component, 0), near = Row(component, row);
        bool lower = y % down > 0;
        byte* far = Row(component, Math.Clamp(lower ? row + 1 : row - 1, 0, height - 1));
        ushort* sums = (ushort*)(_data + SumsOffset);
        if (across == 1 && down == 2)
            JpegResampling.DoubleDown(near, far, width, lower ? 2 : 1, target);
        else if (across == 2 && down == 1 && width > 2)
            JpegResampling.DoubleAcross(near, width, sums, target);
        else if (across == 2 && down == 2 && width > 2)
            JpegResampling.DoubleBoth(near, far, width, sums, target);
        else
            JpegResampling.Repeat(near, width, across, target);
        return target;
    }
}
