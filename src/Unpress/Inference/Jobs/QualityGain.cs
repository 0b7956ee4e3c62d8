using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Inference.Jobs;

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
