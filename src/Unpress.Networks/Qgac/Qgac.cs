using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// QGAC: Ehrlich, Davis, Lim, Shrivastava, "Quantization Guided JPEG Artifact Correction", ECCV 2020. Works on the coefficients of the file,
/// laid out in the places of their pixels and normalised for each frequency, with filters that a small network makes of the quantisation
/// tables; one model for all qualities. Names are those of the authors' m3l package. 259.41 million parameters: blocks_encode 94.76,
/// frequencynet 0.72, blocks_decode 160.83, fusion 0.45, color_net 2.65.
/// <para>
/// The authors' statistics (of Flickr2K) are a file of theirs; ours, of photographs, are buffers (stats.mean, stats.std) that weights may
/// bring along. Our readings: chroma is doubled by repetition in true coefficients; a file whose chroma is not 4:2:0 goes through the same
/// network, its features from chroma halved by averaging, the correction added to the file's own chroma. Training: ℓ1 − 0.05 · SSIM in
/// pixels, Adam 1e-4, cosine to 1e-6; luma first, then colour, then GAN.
/// </para>
/// </summary>
public sealed class Qgac : Network
{
    // Blocks: 15 convolutions in a dense residual block, 1 + 15 + 1 in the frequency network, 3 in the fusion; and the block itself.
    private const int LumaReach = ((15 + 17 + 15 + 3) * 8) + 8;

    // The joined part of the chroma network sees 15 blocks of the restored luma; chroma's own 16 layers at half resolution see less.
    private const int ColourReach = LumaReach + (15 * 8) + 8;

    private readonly BlockNet _encode, _decode;
    private readonly FrequencyNet _frequencies, _fusion;
    private readonly ChromaNet? _chroma;
    private readonly CoefficientStatistics _statistics;

    public Qgac(QgacOptions options)
        : base(new NetworkFacts(
            options.Channels, options.Channels == 1 ? LumaReach : ColourReach, options.Channels == 1 ? 8 : 16, Uses: Knowledge.Jpeg, Needs: Knowledge.Jpeg))
    {
        options.Validate();
        _encode = Add("blocks_encode", new BlockNet(1, options));
        _frequencies = Add("frequencynet", FrequencyNet.Enhancer(options.Planes, options.FrequencyWidth));
        _decode = Add("blocks_decode", new BlockNet(options.Planes, options));
        _fusion = Add("fusion", FrequencyNet.Fusion(3L * options.Planes, options.FrequencyWidth));
        if (options.Channels == 3)
            _chroma = Add("color_net", new ChromaNet(options));
        _statistics = Add("stats", new CoefficientStatistics(options.Channels));
    }

    public static NetworkEntry Entry { get; } = NetworkEntry.Of<QgacOptions>(
        "qgac", "QGAC: coefficients through filters made of the file's quantisation tables", "Ehrlich et al., ECCV 2020", options => new Qgac(options));

    protected override Tensor Restore(Tensor input, Conditions conditions)
    {
        using var scope = TensorScope.Enter();
        var (height, width) = (input.Size(2), input.Size(3));
        var jpeg = conditions.Jpeg!;
        var lumaTable = jpeg.Planes[0].Table / 255;
        var luma = RestoreLuma(lumaTable, _statistics.Normalise(JpegLuma.Of(jpeg, height, width).Coefficients, 0));
        var samples = BlockDct.Inverse(_statistics.Restore(luma, 0));
        if (_chroma is null)
            return scope.Keep(JpegColour.ToPixels(samples));
        if (jpeg.Planes.Count != 3)
            throw new ArgumentException("the network is for colour, and the JPEG has no chroma; use one with channels: 1");
        var planes = new List<Tensor> { samples };
        for (int plane = 1; plane < 3; plane++)
        {
            var (half, full) = Chroma(jpeg, plane, height, width);
            var correction = _chroma.Forward(lumaTable, jpeg.Planes[plane].Table / 255, luma, _statistics.Normalise(BlockDct.Forward(half), plane));
            planes.Add(full + BlockDct.Inverse(_statistics.Scale(correction, plane)));
        }

        return scope.Keep(JpegColour.ToPixels(Tensor.Cat([.. planes], 1)));
    }

    private Tensor RestoreLuma(Tensor table, Tensor coefficients)
    {
        using var scope = TensorScope.Enter();
        var encoded = _encode.Forward(table, coefficients);
        var frequencies = _frequencies.Forward(encoded);
        var decoded = _decode.Forward(table, frequencies);
        return scope.Keep(coefficients + _fusion.Forward(Tensor.Cat([decoded, frequencies, encoded], 1)));
    }

    /// <summary>Samples of a chroma plane at half and, by repetition, at full resolution.</summary>
    private static (Tensor Half, Tensor Full) Chroma(JpegTensors jpeg, int plane, long height, long width)
    {
        var stored = jpeg.Planes[plane];
        int across = jpeg.McuWidth / BlockDct.Side / stored.Horizontal, down = jpeg.McuHeight / BlockDct.Side / stored.Vertical;
        if (across is not (1 or 2) || down is not (1 or 2) || across * stored.Horizontal * BlockDct.Side != jpeg.McuWidth)
            throw new ArgumentException("the network takes chroma at full or half resolution, and this JPEG has another");
        var coefficients = stored.Coefficients.Narrow(2, 0, height / down).Narrow(3, 0, width / across);
        var samples = BlockDct.Inverse(coefficients * BlockDct.Spread(stored.Table, height / down, width / across));
        var full = across * down == 1 ? samples : Functional.Interpolate(samples, height, width, Interpolation.Nearest);
        var half = across * down == 4 ? samples : ChromaSampling.Reduce(samples, 2 / across, 2 / down);
        return (half, full);
    }
}
