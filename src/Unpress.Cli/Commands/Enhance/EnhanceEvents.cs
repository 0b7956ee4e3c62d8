using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Unpress.Files;
using Unpress.Inference;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>
/// One JSON object a line: start, then progress and file, left, skipped or failed for each input, then end; or a plan alone.
/// docs/enhance-events.schema.json describes them.
/// </summary>
internal sealed class EnhanceEvents(Action<string> write) : IEnhanceReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>Between two lines about one picture.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private string? _picture;
    private TimeSpan _next;

    public void Start(string model, int files) => Write(new { @event = "start", model, files });

    /// <summary>The first word of a picture, then one every half second.</summary>
    public void Progress(string input, TileProgress progress)
    {
        if (input == _picture && _clock.Elapsed < _next)
            return;
        (_picture, _next) = (input, _clock.Elapsed + Pause);
        Write(new { @event = "progress", input, tiles = progress.Total, done = Math.Round(Math.Clamp(progress.Done / progress.Total, 0, 1), 4) });
    }

    public void File(EnhanceOutcome outcome)
    {
        if (outcome.Error is not null)
        {
            Write(new { @event = "failed", outcome.Input, outcome.InputBytes, outcome.Code, outcome.Error });
            return;
        }

        if (outcome.Skipped is not null)
        {
            Write(new { @event = "skipped", outcome.Input, reason = outcome.Skipped });
            return;
        }

        if (outcome.LeftAlone is not null)
        {
            Write(new { @event = "left", outcome.Input, outcome.Output, reason = outcome.LeftAlone });
            return;
        }

        Write(new
        {
            @event = "file",
            outcome.Input,
            outcome.Output,
            outcome.Width,
            outcome.Height,
            outcome.Format,
            JpegQuality = outcome.Jpeg?.Quality.Quality,
            Subsampling = outcome.Jpeg?.SubsamplingText,
            outcome.Earlier,
            outcome.Seed,
            outcome.Tiles,
            Seconds = Math.Round(outcome.Elapsed.TotalSeconds, 3),
            EnhanceSeconds = Math.Round(outcome.Enhancing.TotalSeconds, 3),
            MegapixelsPerSecond = Math.Round(outcome.MegapixelsPerSecond, 4),
            outcome.Gain,
            outcome.Certificate,
            outcome.Note,
            outcome.Comparison,
        });
    }

    public void End(EnhanceCount count, PassedOver passedOver, TimeSpan elapsed)
        => Write(new
        {
            @event = "end",
            count.Done,
            count.Left,
            count.Skipped,
            count.Failed,
            count.Lacking,
            passedOver = passedOver.Kinds,
            seconds = Math.Round(elapsed.TotalSeconds, 3),
            enhanceSeconds = Math.Round(count.Enhancing.TotalSeconds, 3),
        });

    public void Plan(EnhancePlan plan, PassedOver passedOver)
        => Write(new
        {
            @event = "plan",
            files = plan.Pictures,
            plan.Bytes,
            plan.There,
            plan.Tried,
            seconds = plan.Time is { } time ? Math.Round(time.TotalSeconds, 1) : (double?)null,
            plan.ResultBytes,
            plan.FreeBytes,
            passedOver = passedOver.Kinds,
        });

    private void Write(object line) => write(JsonSerializer.Serialize(line, Json));
}
