using Unpress.Degradations;

namespace Unpress.Patches;

/// <summary>Training samples FirstIndex … FirstIndex + Count − 1. Its arrays are used again for later batches.</summary>
public sealed class PatchBatch
{
    internal PatchBatch(int count, int channels, int size)
    {
        Count = count;
        Channels = channels;
        Size = size;
        X = new float[count * channels * size * size];
        Y = new float[X.Length];
        Facts = new PatchFacts[count];
    }

    /// <summary>N.</summary>
    public int Count { get; }

    /// <summary>C: 1 or 3.</summary>
    public int Channels { get; }

    /// <summary>H = W in pixels.</summary>
    public int Size { get; }

    /// <summary>Compressed patches, N×C×H×W, 0..1, RGB.</summary>
    public float[] X { get; }

    /// <summary>Raw patches, N×C×H×W, 0..1, RGB.</summary>
    public float[] Y { get; }

    /// <summary>One entry a sample.</summary>
    public PatchFacts[] Facts { get; }

    /// <summary>Index of the first sample; training goes on, after this batch, at FirstIndex + Count.</summary>
    public long FirstIndex { get; internal set; }

    internal void Fill(PatchSampler sampler, long firstIndex, byte[] x, byte[] y)
    {
        FirstIndex = firstIndex;
        int plane = Size * Size;
        for (int i = 0; i < Count; i++)
        {
            Facts[i] = sampler.Sample(firstIndex + i, x, y);
            ToPlanes(x, Channels, X.AsSpan(i * Channels * plane, Channels * plane));
            ToPlanes(y, Channels, Y.AsSpan(i * Channels * plane, Channels * plane));
        }
    }

    // Interleaved bytes to planes of floats 0..1. A table instead of arithmetic: exact, and as fast as the memory.
    private static void ToPlanes(ReadOnlySpan<byte> pixels, int channels, Span<float> planes)
    {
        int plane = planes.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            var output = planes.Slice(channel * plane, plane);
            int from = channel;
            for (int i = 0; i < output.Length; i++, from += channels)
                output[i] = Unit[pixels[from]];
        }
    }

    private static readonly float[] Unit = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];
}

/// <summary>Where a training sample came from and what was done to it.</summary>
/// <param name="Image">Index in the pack.</param>
/// <param name="Left">Left edge, in the picture, of the region that was compressed.</param>
/// <param name="Top">Top edge of that region.</param>
/// <param name="Orientation">The flip or turn, 0..7, see <see cref="Dihedral"/>.</param>
/// <param name="Gray">Compressed as a gray file.</param>
/// <param name="Degradation">Quality, subsampling, offsets.</param>
public readonly record struct PatchFacts(int Image, int Left, int Top, int Orientation, bool Gray, DegradationFacts Degradation);
