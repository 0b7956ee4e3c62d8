using System.Globalization;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Jpeg;
using Unpress.Inference;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>
/// What was found, what was done, where it went: for people. Of many pictures only failures have lines, and the end says how many came to what.
/// Plain lines, so that a path can be copied as one word.
/// </summary>
/// <param name="problem">Where failures go.</param>
/// <param name="resume">Whether results that are there were expected.</param>
internal sealed class EnhanceText(Action<string> write, Action<string> problem, bool verbose, bool resume) : IEnhanceReport
{
    /// <summary>So many pictures have a line each.</summary>
    private const int Few = 8;

    private const int FailuresNamed = 20;

    private readonly List<string> _failed = [];
    private string _model = "";
    private int _files, _noted;

    public void Start(string model, int files) => (_model, _files) = (model, files);

    public void Progress(string input, TileProgress progress)
    {
        // People have a bar.
    }

    public void File(EnhanceOutcome outcome)
    {
        if (outcome.Error is not null)
        {
            problem($"unpress: {outcome.Input}: {outcome.Error.ReplaceLineEndings(" ")}");
            _failed.Add(outcome.Input);
            return;
        }

        _noted += outcome.Note is null ? 0 : 1;
        if (_files > Few && !verbose)
            return;
        if (outcome.Skipped is not null || outcome.LeftAlone is not null)
        {
            write($"{outcome.Input}: {outcome.Skipped ?? outcome.LeftAlone}{(outcome.Output is { } place ? $" -> {place}" : "")}");
            return;
        }

        write($"{outcome.Input}: {Found(outcome)}");
        string tiles = outcome.Tiles > 1 ? $", {outcome.Tiles} tiles" : "";
        string seed = outcome.Seed is { } number ? $", seed {number}" : "";
        write($"  {_model}{seed}{tiles}, {Seconds(outcome.Elapsed)} s ({outcome.MegapixelsPerSecond:0.00} MP/s) -> {outcome.Output}");
        if (outcome.Note is { } note)
            write($"  {note}");
        if (outcome.Comparison is { } page)
            write($"  compare in a browser: {page}");
        if (outcome.Certificate is { } sure)
        {
            write(sure.Reproduced == 1
                ? "  proof: saved as JPEG again, this is your file, coefficient for coefficient"
                : $"  saved as JPEG again, {Percent(sure.Reproduced)} of its coefficients are your file's");
        }
        if (outcome.Gain is { } gain)
        {
            write($"  PSNR {gain.PsnrBefore:0.00} -> {gain.PsnrAfter:0.00} dB ({gain.PsnrAfter - gain.PsnrBefore:+0.00;-0.00}), "
                + $"SSIM {gain.SsimBefore:0.0000} -> {gain.SsimAfter:0.0000} ({gain.SsimAfter - gain.SsimBefore:+0.0000;-0.0000})");
        }
    }

    public void End(EnhanceCount count, TimeSpan elapsed)
    {
        if (_files < 2)
            return;
        string others = string.Concat(
            Some(count.Left, "restored before"), Some(count.Skipped, "there already" + (resume ? "" : " (--overwrite replaces them)")),
                Some(count.Failed, "failed"),
            Some(_files > Few && !verbose ? _noted : 0, "without all that their files hold (--verbose says what)"));
        write($"{count.Done} of {CountText.Pictures(_files)} restored in {Seconds(elapsed)} s{others}; the originals are untouched");
        if (_files <= Few || count.Failed == 0)
            return;
        // The lines that said why may be far above.
        string more = count.Failed > FailuresNamed ? $" and {count.Failed - FailuresNamed} more" : "";
        write($"failed: {string.Join(", ", _failed.Take(FailuresNamed))}{more}");

        static string Some(int number, string words) => number > 0 ? $", {number} {words}" : "";
    }

    /// <summary>Rounded down: 100 % means all.</summary>
    private static string Percent(double share)
        => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 1e6) / 1e4:0.####} %");

    private static string Found(EnhanceOutcome outcome)
    {
        string size = $"{outcome.Width}x{outcome.Height}";
        if (outcome.Jpeg is not { } jpeg)
            return $"{(outcome.Format is { } format ? ImageFormats.Label(format) : "picture")} {size}";
        string progressive = jpeg.IsProgressive ? ", progressive" : "";
        return $"JPEG {size}, {QualityOf(jpeg)}, {jpeg.SubsamplingText}{progressive}";
    }

    private static string QualityOf(JpegAnatomy jpeg) => jpeg.Quality.IsExact ? $"QF {jpeg.Quality.Quality}" : $"QF about {jpeg.Quality.Quality}";

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
