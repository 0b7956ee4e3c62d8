using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Unpress.Benchmarks;
using Unpress.Cli.Commands.Models;
using Unpress.Diagnostics;
using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Cli.Commands.Bench;

/// <summary><c>unpress bench networks</c>: parameters, operations and milliseconds of every network, as in DAGN's Table III.</summary>
internal static class BenchNetworksCommand
{
    public static Command Create()
    {
        var usual = new NetworkTimerOptions();
        var networks = new Option<IReadOnlyList<NetworkEntry>?>("--network")
        {
            Description = "Names, separated by commas [default: all].",
            HelpName = "NAMES",
            CustomParser = result =>
            {
                try
                {
                    return [.. result.Tokens.Single().Value.Split(',', StringSplitOptions.TrimEntries).Select(NetworkCatalog.Find)];
                }
                catch (ArgumentException error)
                {
                    result.AddError(error.Message);
                    return null;
                }
            },
        };
        var size = NumberOption.Of("--size", "Pixels a side of the picture.", usual.Side, 8, 16384);
        var repeats = NumberOption.Of("--repeats", "Number of passes after the first; the median is printed.", usual.Repeats, 1);
        var limit = NumberOption.Of(
            "--limit", "Seconds a pass may take; slower networks are measured on a smaller picture, and the time is scaled by their operations.",
            usual.Limit.TotalSeconds, 0.001, 1e6);
        var device = new Option<string>("--device") { Description = "Device to compute on; auto takes CUDA if it works.", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var precision = new Option<string>("--precision") { Description = "Precision of convolutions and matrix products.", DefaultValueFactory = _ => "fp32" };
        precision.AcceptOnlyFromAmong("fp32", "bf16");
        var threads = NumberOption.Threads("Threads to compute with.");
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var markdown = new Option<bool>("--markdown") { Description = "Print the table of docs/efficiency.md." };
        var command = new Command("networks", "Parameters, operations and milliseconds of every network for one picture, with random weights.")
        {
            networks, size, repeats, limit, device, precision, threads, json, markdown,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            TorchRuntime.Threads = parsed.GetValue(threads);
            var options = new NetworkTimerOptions
            {
                Side = parsed.GetValue(size),
                Repeats = parsed.GetValue(repeats),
                Limit = TimeSpan.FromSeconds(parsed.GetValue(limit)),
                Device = Devices.Find(parsed.GetRequiredValue(device)),
                Bf16 = parsed.GetRequiredValue(precision) == "bf16",
            };
            var timer = new NetworkTimer(options);
            var entries = parsed.GetValue(networks) ?? NetworkCatalog.All;
            var timings = LongTask.Run(parsed, "measuring", entries.Count, step =>
            {
                var all = new List<NetworkTiming>();
                foreach (var entry in entries)
                {
                    cancellation.ThrowIfCancellationRequested();
                    all.Add(timer.Measure(entry, cancellation));
                    step();
                }

                return all;
            });
            var conditions = new BenchConditions(options, TorchRuntime.Threads);
            if (parsed.GetValue(json))
                NetworkTimingPrinter.Json(parsed.InvocationConfiguration.Output, conditions, timings);
            else if (parsed.GetValue(markdown))
                NetworkTimingPrinter.Markdown(parsed.InvocationConfiguration.Output, conditions, timings);
            else
                NetworkTimingPrinter.Table(ResultConsole.For(parsed), conditions, timings);
            return ExitCodes.Ok;
        }));
        return command.WithExamples(
            "unpress bench networks --network unpress --repeats 9");
    }
}

/// <summary><c>unpress bench</c>: how fast things are on this machine.</summary>
public static class BenchCommand
{
    public static Command Create() => new("bench", "Measure how fast things are on this machine.") { BenchNetworksCommand.Create() };
}

/// <summary>What must be known to read the times.</summary>
internal sealed record BenchConditions(NetworkTimerOptions Options, int Threads)
{
    public string Processor { get; } = CpuFacts.OfThisMachine().Model;

    /// <summary>Processes that wanted a core, mean of the last minute: more than the cores means waiting.</summary>
    public double Load { get; } = double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    public string Precision => Options.Bf16 ? "bf16" : "fp32";

    /// <summary>One line for a reader.</summary>
    public override string ToString()
    {
        string where = Options.Device.IsCuda ? "CUDA" : string.Create(CultureInfo.InvariantCulture, $"{Processor}, {Threads} threads");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Options.Side}×{Options.Side} pixels, {Precision}, libtorch {TorchRuntime.Version}, {where}, load {Load:0.0} at the end; median of {Options.Repeats}.");
    }
}

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
