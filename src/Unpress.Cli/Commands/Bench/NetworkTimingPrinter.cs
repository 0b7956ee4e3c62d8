using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Unpress.Benchmarks;
using Unpress.Cli.Commands.Models;

namespace Unpress.Cli.Commands.Bench;

/// <summary>The timings of networks as a table, as Markdown and as JSON.</summary>
internal static class NetworkTimingPrinter
{
    private static readonly string[] Titles = ["network", "bands", "parameters", "MACs", "in tables", "ms", "core ms", "measured at", "memory there"];

    public static void Table(IAnsiConsole console, BenchConditions conditions, IReadOnlyList<NetworkTiming> timings)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(Titles[0]);
        foreach (string title in Titles[1..])
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        foreach (var timing in timings)
            table.AddRow(Cells(timing));
        console.Write(table);
        console.WriteLine(conditions.ToString());
        console.WriteLine("ms with ~: scaled by operations from the smaller picture measured. Core ms: the time that the process had a core.");
    }

    public static void Markdown(TextWriter writer, BenchConditions conditions, IReadOnlyList<NetworkTiming> timings)
    {
        writer.Write($"{conditions}\n\n");
        Line(writer, Titles);
        Line(writer, ["---", .. Enumerable.Repeat("--:", Titles.Length - 1)]);
        foreach (var timing in timings)
            Line(writer, [$"`{timing.Entry.Name}`", .. Cells(timing)[1..]]);
    }

    public static void Json(TextWriter writer, BenchConditions conditions, IReadOnlyList<NetworkTiming> timings)
        => writer.WriteLine(JsonSerializer.Serialize(
            new
            {
                side = conditions.Options.Side,
                precision = conditions.Precision,
                device = conditions.Options.Device.ToString(),
                processor = conditions.Processor,
                threads = conditions.Threads,
                load = conditions.Load,
                repeats = conditions.Options.Repeats,
                networks = timings.Select(Plain),
            },
            JsonText.Options));

    private static object Plain(NetworkTiming timing) => new
    {
        name = timing.Entry.Name,
        channels = timing.Profile.Facts.Channels,
        parameters = timing.Profile.Layers.Parameters,
        macs = timing.Profile.Layers.Work.True,
        tableMacs = timing.Profile.Layers.Work.Table,
        milliseconds = timing.Milliseconds,
        coreMilliseconds = timing.CoreMilliseconds,
        measuredSide = timing.MeasuredSide,
        scaled = timing.IsScaled,
        peakBytes = timing.PeakBytes,
    };

    private static string[] Cells(NetworkTiming timing)
    {
        var layers = timing.Profile.Layers;
        string about = timing.IsScaled ? "~" : "";
        return
        [
            timing.Entry.Name, $"{timing.Profile.Facts.Channels}", Amounts.Of(layers.Parameters), Amounts.Of(layers.Work.True), Amounts.Of(layers.Work.Table),
            about + Whole(timing.Milliseconds), about + Whole(timing.CoreMilliseconds), $"{timing.MeasuredSide}",
            timing.PeakBytes is { } bytes ? $"{Whole(bytes / 1048576.0)} MiB" : "",
        ];
    }

    /// <summary>No more digits than a measurement has; one more where it is short.</summary>
    private static string Whole(double value) => value.ToString(value < 10 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static void Line(TextWriter writer, IEnumerable<string> cells) => writer.Write($"| {string.Join(" | ", cells)} |\n");
}
