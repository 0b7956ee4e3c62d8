using System.Globalization;
using Unpress.Imaging.Jpeg;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>What was found, what was done, how long it took: for people. Plain lines, so that a path can be copied as one word.</summary>
internal sealed class EnhanceText(TextWriter output) : IEnhanceReport
{
    private string _model = "";
    private int _files;

    public void Start(string model, int files) => (_model, _files) = (model, files);

    public void File(EnhanceOutcome outcome)
    {
        if (outcome.Error is not null)
            return; // it has its line on standard error
        if (outcome.LeftAlone is not null)
        {
            output.WriteLine($"{outcome.Input}: {outcome.LeftAlone}");
            return;
        }

        output.WriteLine($"{outcome.Input}: {Found(outcome)}");
        string tiles = outcome.Tiles > 1 ? $", {outcome.Tiles} tiles" : "";
        string seed = outcome.Seed is { } number ? $", seed {number}" : "";
        output.WriteLine($"  {_model}{seed}{tiles}, {Seconds(outcome.Elapsed)} s ({outcome.MegapixelsPerSecond:0.00} MP/s) -> {outcome.Output}");
        if (outcome.Certificate is { } sure)
        {
            output.WriteLine($"  coefficients in the file's cells: {Percent(sure.InsideBefore)} -> {Percent(sure.InsideAfter)}; "
                + $"compressed again, {Percent(sure.Reproduced)} are the file's");
        }
        if (outcome.Gain is { } gain)
        {
            output.WriteLine($"  PSNR {gain.PsnrBefore:0.00} -> {gain.PsnrAfter:0.00} dB ({gain.PsnrAfter - gain.PsnrBefore:+0.00;-0.00}), "
                + $"SSIM {gain.SsimBefore:0.0000} -> {gain.SsimAfter:0.0000} ({gain.SsimAfter - gain.SsimBefore:+0.0000;-0.0000})");
        }
    }

    public void End(int done, int left, int failed, TimeSpan elapsed)
    {
        if (_files > 1)
            output.WriteLine($"{done} of {_files} pictures in {Seconds(elapsed)} s{(left > 0 ? $", {left} left alone" : "")}{(failed > 0 ? $", {failed} failed" : "")}");
    }

    /// <summary>Rounded down: 100 % means all.</summary>
    private static string Percent(double share)
        => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 1e6) / 1e4:0.####} %");

    private static string Found(EnhanceOutcome outcome)
    {
        string size = $"{outcome.Width}x{outcome.Height}";
        if (outcome.Jpeg is not { } jpeg)
            return $"{outcome.Format} {size}";
        string progressive = jpeg.IsProgressive ? ", progressive" : "";
        return $"JPEG {size}, {QualityOf(jpeg)}, {jpeg.SubsamplingText}{progressive}";
    }

    private static string QualityOf(JpegAnatomy jpeg) => jpeg.Quality.IsExact ? $"QF {jpeg.Quality.Quality}" : $"QF about {jpeg.Quality.Quality}";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
