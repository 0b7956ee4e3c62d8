using System.CommandLine;
using Unpress.Benchmarks;
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
            Description = "Names, separated by commas [default: all]",
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
        var size = new Option<int>("--size") { Description = "Pixels a side of the picture.", DefaultValueFactory = _ => usual.Side };
        var repeats = new Option<int>("--repeats") { Description = "Passes after the first; the median counts.", DefaultValueFactory = _ => usual.Repeats };
        var limit = new Option<double>("--limit")
        {
            Description = "Seconds a pass may take; slower networks are measured on a smaller picture, and the time is scaled by their operations.",
            DefaultValueFactory = _ => usual.Limit.TotalSeconds,
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 1e6))
                result.AddError("--limit takes more than 0 seconds, at most 1000000");
        });
        var device = new Option<string>("--device") { Description = "Where to compute; auto takes CUDA where it works.", DefaultValueFactory = _ => "auto" };
        device.AcceptOnlyFromAmong("auto", "cpu", "cuda");
        var precision = new Option<string>("--precision") { Description = "Of convolutions and matrix products.", DefaultValueFactory = _ => "fp32" };
        precision.AcceptOnlyFromAmong("fp32", "bf16");
        var threads = new Option<int>("--threads") { Description = "Threads to compute with.", DefaultValueFactory = _ => Environment.ProcessorCount };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--threads takes 1 or more");
        });
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
        return command;
    }
}
