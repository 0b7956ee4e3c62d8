using System.Buffers;
using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Colour;

namespace Unpress.Degradations;

/// <summary>
/// Compression with a codec. The region compressed is up to two coding units larger than the patch, which is then cut from it: at a
/// multiple of the unit or anywhere, so the patch sees any phase of the grid, most often with real neighbours around it.
/// </summary>
public sealed class CodecDegradation(ICodec codec, CompressionOptions options) : IDegradation
{
    private const int LargestShift = 7;

    public ICodec Codec { get; } = codec;

    public CompressionOptions Options { get; } = options;

    /// <summary>Room for every phase of the coding unit, 16×16 of JPEG, and for one unit of context before the patch.</summary>
    public int Slack => 2 * Codec.CodingUnit;

    public CopiesPlan? Copies => new CopiesPlan(Codec, Options.Quality, Share: 1, Options.Raw, Options.Aligned);

    public DegradationFacts Degrade(
        ref SampleRandom random, ReadOnlySpan<byte> region, int side, int bands, int patch, Span<byte> x, Span<byte> y)
    {
        byte[] first = ArrayPool<byte>.Shared.Rent(region.Length);
        byte[] last = ArrayPool<byte>.Shared.Rent(region.Length);
        try
        {
            var source = region;
            int width = side, height = side, firstQuality = 0, shiftX = 0, shiftY = 0;
            bool raw = random.Chance(Options.Raw);
            if (!raw && random.Chance(Options.Double))
            {
                firstQuality = Options.Quality.Draw(ref random);
                Compress(region, side, side, bands, firstQuality, Options.Subsampling.Draw(ref random), last);
                if (random.Chance(Options.Shifted))
                {
                    int limit = Math.Min(LargestShift, side - patch) + 1;
                    shiftX = random.Next(limit);
                    shiftY = random.Next(limit);
                }

                width = side - shiftX;
                height = side - shiftY;
                Crop(last, side, bands, shiftX, shiftY, width, height, first);
                source = first.AsSpan(0, width * height * bands);
            }

            int quality = raw ? 100 : Options.Quality.Draw(ref random);
            var subsampling = Options.Subsampling.Draw(ref random);
            bool aligned = random.Chance(Options.Aligned);
            int offsetX = Offset(ref random, width - patch, aligned, Codec.CodingUnit), offsetY = Offset(ref random, height - patch, aligned, Codec.CodingUnit);
            Crop(region, side, bands, shiftX + offsetX, shiftY + offsetY, patch, patch, y);
            if (raw)
            {
                y.CopyTo(x);
            }
            else
            {
                Compress(source, width, height, bands, quality, subsampling, last);
                Crop(last, width, bands, offsetX, offsetY, patch, patch, x);
            }

            return new DegradationFacts(!raw, quality, firstQuality, subsampling, offsetX, offsetY, shiftX, shiftY);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(first);
            ArrayPool<byte>.Shared.Return(last);
        }
    }

    internal static int Offset(ref SampleRandom random, int slack, bool aligned, int unit) =>
        aligned ? unit * random.Next((slack / unit) + 1) : random.Next(slack + 1);

    private void Compress(
        ReadOnlySpan<byte> pixels, int width, int height, int bands, int quality, ChromaSubsampling subsampling, byte[] output)
    {
        var target = output.AsSpan(0, width * height * bands);
        if (Codec is JpegCodec)
        {
            JpegCodec.Roundtrip(pixels, width, height, bands, quality, subsampling, target);
            return;
        }

        RoundtripOf(Codec, pixels.ToArray(), width, height, bands, quality, subsampling).CopyTo(target);
    }

    /// <summary>What is left of interleaved 8-bit pixels after any codec's encoder and decoder.</summary>
    internal static byte[] RoundtripOf(
        ICodec codec, byte[] pixels, int width, int height, int bands, int quality, ChromaSubsampling subsampling = ChromaSubsampling.C420)
    {
        var picture = new ImageBuffer(width, height, bands == 1 ? ColourModel.Gray : ColourModel.Rgb, data: pixels);
        var decoded = codec.Decode(codec.Encode(picture, new CodecSettings(quality, subsampling)).Bytes);
        return (bands == 1 ? PixelConversion.ToGray(decoded) : decoded).Data; // not every codec has gray
    }

    internal static void Crop(
        ReadOnlySpan<byte> pixels, int width, int bands, int left, int top, int cropWidth, int cropHeight, Span<byte> output)
    {
        for (int row = 0; row < cropHeight; row++)
            pixels.Slice((((top + row) * width) + left) * bands, cropWidth * bands).CopyTo(output[(row * cropWidth * bands)..]);
    }
}
