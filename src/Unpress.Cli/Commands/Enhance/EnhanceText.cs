using System.Globalization;
using Unpress.Cli.Commands.Inspect;
using Unpress.Files;
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

    private const int FailuresNamed = 20, LackingNamed = 3;

    private readonly List<string> _failed = [], _lacking = [];
    private string _model = "";
    private int _files;

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
            if (_failed.Count < FailuresNamed)
                _failed.Add(outcome.Input);
            return;
        }

        if (outcome.Note is not null && _lacking.Count < LackingNamed)
            _lacking.Add(outcome.Input);
        if (_files > Few && !verbose)
            return;
        if (outcome.Skipped is not null || outcome.LeftAlone is not null)
        {
            write($"{outcome.Input}: {outcome.Skipped ?? outcome.LeftAlone}{(outcome.Output is { } place ? $" -> {place}" : "")}");
            return;
        }

        write($"{outcome.Input}: {PictureText.Of(outcome.Format, outcome.Width, outcome.Height, outcome.Jpeg)}");
        if (outcome.Earlier is { } earlier)
            write($"  {earlier}");
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

    public void End(EnhanceCount count, PassedOver passedOver, TimeSpan elapsed)
    {
        if (_files > 1)
            Count(count, elapsed);
        if (passedOver.ToString() is { } passed)
            write(passed);
    }

    private void Count(EnhanceCount count, TimeSpan elapsed)
    {
        string others = string.Concat(
            Some(count.Left, "restored before"), Some(count.Skipped, "there already" + (resume ? "" : " (--overwrite replaces them)")),
            Some(count.Failed, "failed"));
        write($"{count.Done} of {CountText.Pictures(_files)} restored in {Seconds(elapsed)} s{others}; the originals are untouched");
        if (verbose && count.Done > 0)
            write(string.Create(CultureInfo.InvariantCulture, $"{count.Done / elapsed.TotalSeconds:0.0} pictures a second; the network was at work {count.Enhancing / elapsed:P0} of the time"));
        // The lines that said why may be far above.
        if (_files > Few && count.Failed > 0)
            write($"failed: {Names(_failed, count.Failed)}");
        if (count.Lacking > 0)
            write($"without all that their files hold{(_files > Few && !verbose ? " (-v says what)" : "")}: {Names(_lacking, count.Lacking)}");

        static string Names(List<string> named, int all) => string.Join(", ", named) + (all > named.Count ? $" and {all - named.Count} more" : "");

        static string Some(int number, string words) => number > 0 ? $", {number} {words}" : "";
    }

    public void Plan(EnhancePlan plan, PassedOver passedOver)
    {
        string there = plan.There > 0 ? Invariant($", {plan.There:N0} of them have results already") : "";
        write(Invariant($"{plan.Pictures:N0} {(plan.Pictures == 1 ? "picture" : "pictures")}, {Size(plan.Bytes)}{there}"));
        if (plan.Time is { } time)
            write(Invariant($"about {Duration(time)} on this machine and {Size(plan.ResultBytes!.Value)} of results, by {plan.Tried} of the pictures that were tried"));
        if (plan.FreeBytes is { } free)
        {
            string little = plan.ResultBytes > free ? ": too little" : "";
            write($"{Size(free)} are free where results go{little}");
        }

        if (passedOver.ToString() is { } passed)
            write(passed);
        write("nothing was written");
    }

    private static string Size(long bytes) => bytes switch
    {
        < 1_000_000 => Invariant($"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => Invariant($"{bytes / 1e6:0.#} MB"),
        _ => Invariant($"{bytes / 1e9:N1} GB"),
    };

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 2 } => Invariant($"{time.TotalSeconds:0} seconds"),
        { TotalHours: < 2 } => Invariant($"{time.TotalMinutes:0} minutes"),
        { TotalDays: < 2 } => Invariant($"{time.TotalHours:0.#} hours"),
        _ => Invariant($"{time.TotalDays:N1} days"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Rounded down: 100 % means all.</summary>
    private static string Percent(double share)
        => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 1e6) / 1e4:0.####} %");

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
}
