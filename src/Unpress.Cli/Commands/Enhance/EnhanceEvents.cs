using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>One JSON object a line: start, then file, left or failed for each input, then end.</summary>
internal sealed class EnhanceEvents(TextWriter output) : IEnhanceReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public void Start(string model, int files) => Write(new { @event = "start", model, files });

    public void File(EnhanceOutcome outcome)
    {
        if (outcome.Error is not null)
        {
            Write(new { @event = "failed", outcome.Input, outcome.Error });
            return;
        }

        if (outcome.LeftAlone is not null)
        {
            Write(new { @event = "left", outcome.Input, reason = outcome.LeftAlone });
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
            outcome.Seed,
            outcome.Tiles,
            Seconds = Math.Round(outcome.Elapsed.TotalSeconds, 3),
            EnhanceSeconds = Math.Round(outcome.Enhancing.TotalSeconds, 3),
            MegapixelsPerSecond = Math.Round(outcome.MegapixelsPerSecond, 4),
            outcome.Gain,
            outcome.Certificate,
        });
    }

    public void End(int done, int left, int failed, TimeSpan elapsed)
        => Write(new { @event = "end", done, left, failed, seconds = Math.Round(elapsed.TotalSeconds, 3) });

    private void Write(object line) => output.WriteLine(JsonSerializer.Serialize(line, Json));
}
