using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Metrics;

namespace Unpress.Inference.Jobs;

/// <summary>What came of one input.</summary>
public sealed record EnhanceOutcome
{
    /// <summary>The input as it was given or found.</summary>
    public required string Input { get; init; }

    /// <summary>Of one that failed because its name is not UTF-8: the path as the system has it; null otherwise.</summary>
    public byte[]? InputBytes { get; init; }

    /// <summary>Of one that failed: its place below the folder that was given.</summary>
    public string? RelativePath { get; init; }

    /// <summary>Where the result is; null when there is none.</summary>
    public string? Output { get; init; }

    /// <summary>The page that shows the result against its input; null when none was asked for.</summary>
    public string? Comparison { get; init; }

    /// <summary>The seed of a candidate; null for a network's one answer.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Why there is no result, one line without the input's name; null when there is one.</summary>
    public string? Error { get; init; }

    /// <summary>The kind of failure, for programs; null when there is none.</summary>
    public FailureCode? Code { get; init; }

    /// <summary>
    /// Why the picture was left as it is, one line without the input's name; null when it was enhanced or failed. Where an output was named, the
    /// picture as it is lies there.
    /// </summary>
    public string? LeftAlone { get; init; }

    /// <summary>Why nothing was tried, one line without the input's name: its result is there already; null otherwise.</summary>
    public string? Skipped { get; init; }

    /// <summary>What of the file the result does not have, one line; null when there is nothing to say.</summary>
    public string? Note { get; init; }

    public int Width { get; init; }

    public int Height { get; init; }

    /// <summary>jpeg, png, …</summary>
    public string? Format { get; init; }

    /// <summary>How the JPEG was made; null for other formats.</summary>
    public JpegAnatomy? Jpeg { get; init; }

    /// <summary>A save before the last one; null when none was found or looked for.</summary>
    public EarlierSave? Earlier { get; init; }

    public int Tiles { get; init; }

    /// <summary>Reading, enhancing and writing.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The part of <see cref="Elapsed"/> that the enhancer took, tiles and tensors included.</summary>
    public TimeSpan Enhancing { get; init; }

    /// <summary>Null without a reference.</summary>
    public QualityGain? Gain { get; init; }

    /// <summary>How far the result agrees with its JPEG; null when it was not asked for.</summary>
    public ConsistencyCertificate? Certificate { get; init; }

    public double MegapixelsPerSecond => Elapsed > TimeSpan.Zero ? Width * (double)Height / 1e6 / Elapsed.TotalSeconds : 0;
}

/// <summary>A picture against its undamaged original, before and after.</summary>
/// <param name="PsnrBefore">dB, RGB.</param>
/// <param name="SsimBefore">0..1.</param>
public sealed record QualityGain(double PsnrBefore, double PsnrAfter, double SsimBefore, double SsimAfter)
{
    /// <exception cref="IncomparableException">The original has another size or colour model.</exception>
    public static QualityGain Measure(ImageBuffer original, ImageBuffer before, ImageBuffer after)
    {
        var (psnr, ssim) = (new Psnr(), new Ssim());
        return new QualityGain(
            psnr.Measure(original, before), psnr.Measure(original, after), ssim.Measure(original, before), ssim.Measure(original, after));
    }
}
