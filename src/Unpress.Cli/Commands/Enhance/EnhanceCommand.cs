using System.CommandLine;
using System.Diagnostics;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;
using Unpress.Inference;
using Unpress.Inference.Jobs;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Cli.Commands.Enhance;

/// <summary><c>unpress enhance</c>: takes the damage of lossy compression out of pictures.</summary>
public static class EnhanceCommand
{
    public static Command Create()
    {
        var inputs = new Argument<string[]>("in")
        {
            Description = "Pictures, folders of pictures, or - for standard input.",
            Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "A file, a folder, or - for standard output. Without it: name.unpress.png beside each input.",
        };
        var recursive = new Option<bool>("--recursive", "-r") { Description = "Look into the folders below, too; their tree is mirrored." };
        var model = new Option<string>("--model")
        {
            Description = "A model of the models folder, or a .safetensors file.",
            DefaultValueFactory = _ => ModelFinder.Default,
        };
        var strength = new Option<double>("--strength")
        {
            Description = "0 to 100: 0 returns the input's pixels, 100 the network's.",
            DefaultValueFactory = _ => 100,
        };
        strength.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (>= 0 and <= 100))
                result.AddError("--strength takes a number from 0 to 100");
        });
        var qf = new Option<int?>("--qf")
        {
            Description = "1 to 100: the quality factor the pictures were compressed with, for models that take one; else they find it themselves.",
        };
        qf.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 100)
                result.AddError("--qf takes a number from 1 to 100");
        });
        var device = Choice("--device", "Where to compute; auto takes CUDA where it works.", "auto", "cpu", "cuda");
        var precision = Choice("--precision", "auto takes bf16 only where the CPU has it and the picture does not suffer.", "auto", "fp32", "bf16");
        var memory = new Option<long>("--memory")
        {
            Description = "Memory to keep within, as 2G or 512M; large pictures are cut into tiles.",
            DefaultValueFactory = _ => ByteSize.Parse("2G"),
            CustomParser = result =>
            {
                try
                {
                    return ByteSize.Parse(result.Tokens[0].Value);
                }
                catch (FormatException error)
                {
                    result.AddError(error.Message);
                    return 0;
                }
            },
        };
        var threads = new Option<int>("--threads") { Description = "Threads to compute with.", DefaultValueFactory = _ => Environment.ProcessorCount };
        threads.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
                result.AddError("--threads takes 1 or more");
        });
        var consistent = new Option<bool>("--consistent")
        {
            Description = "Keep to what the JPEG says: compressed again the same way, the result gives the same file.",
        };
        var format = new Option<string>("--format") { Description = "Format of the results; else that of the output's extension, else png." };
        format.AcceptOnlyFromAmong([.. Enum.GetValues<ImageFormat>().Select(ImageFormats.Name)]);
        var quality = new Option<int?>("--quality") { Description = "1 to 100 for lossy results. JPEG has 95; the others are lossless without it." };
        quality.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 100)
                result.AddError("--quality takes a number from 1 to 100");
        });
        var subsampling = Choice("--subsampling", "Chroma of lossy results.", "444", "422", "420");
        var metadata = Choice("--metadata", "What of EXIF, XMP and the like is kept.", "keep", "no-gps", "none");
        var again = new Option<bool>("--again") { Description = "Enhance pictures, too, that say they have been enhanced." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace results that are there already." };
        var reference = new Option<string>("--reference")
        {
            Description = "The undamaged original, or a folder of originals with the inputs' names: prints the gain.",
        };
        var candidates = new Option<int?>("--candidates")
        {
            Description = "With a one-to-many model: write so many answers for each picture, name-1.png and so on, to choose from.",
        };
        candidates.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1)
                result.AddError("--candidates takes 1 or more");
        });
        var seed = new Option<ulong?>("--seed") { Description = "Seed of the first candidate, the others have the next ones; 1 without it." };
        var json = new Option<bool>("--json") { Description = "Print what happens as JSON, one event a line." };

        var command = new Command("enhance", "Take the damage of lossy compression out of pictures.")
        {
            inputs, output, recursive, model, strength, qf, device, precision, memory, threads, consistent, format, quality, subsampling, metadata,
            again, overwrite, reference, candidates, seed, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(seed) is not null && result.GetResult(candidates) is null)
                result.AddError("--seed belongs to --candidates");
        });
        // On a thread of its own: Ctrl-C must get through while a tile is at work.
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string? target = parsed.GetValue(output);
            var job = new EnhanceJob(new EnhanceJobOptions
            {
                Inputs = parsed.GetRequiredValue(inputs),
                Recursive = parsed.GetValue(recursive),
                Output = target,
                Overwrite = parsed.GetValue(overwrite),
                Reference = parsed.GetValue(reference),
                Candidates = parsed.GetValue(candidates),
                Seed = parsed.GetValue(seed) ?? new EnhanceJobOptions { Inputs = [] }.Seed,
                Consistent = parsed.GetValue(consistent),
                Threads = parsed.GetValue(threads),
                Again = parsed.GetValue(again),
                Save = new SaveOptions
                {
                    Format = parsed.GetValue(format) is { } name ? FormatOf(name) : null,
                    Quality = parsed.GetValue(quality) ?? new SaveOptions().Quality,
                    Lossless = parsed.GetValue(quality) is null,
                    Subsampling = Enum.Parse<ChromaSubsampling>("C" + parsed.GetRequiredValue(subsampling)),
                    Metadata = Enum.Parse<MetadataPolicy>(parsed.GetRequiredValue(metadata).Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                },
            });
            TorchRuntime.Threads = parsed.GetValue(threads);
            using var enhancer = Open(parsed.GetRequiredValue(model), new NetworkEnhancerOptions
            {
                Strength = parsed.GetValue(strength),
                Quality = parsed.GetValue(qf),
                Precision = Enum.Parse<Precision>(parsed.GetRequiredValue(precision), ignoreCase: true),
                Device = Devices.Find(parsed.GetRequiredValue(device)),
                Memory = parsed.GetValue(memory),
            });
            return Run(parsed, job, enhancer, parsed.GetValue(json), cancellation);
        }));
        return command;
    }

    private static int Run(ParseResult parsed, EnhanceJob job, NetworkEnhancer enhancer, bool json, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        // Standard output may be the picture's: then the words go to standard error.
        bool toStandardOutput = job.WritesStandardOutput;
        IEnhanceReport report = json && !toStandardOutput
            ? new EnhanceEvents(parsed.InvocationConfiguration.Output)
            : new EnhanceText(toStandardOutput ? parsed.InvocationConfiguration.Error : parsed.InvocationConfiguration.Output);
        report.Start(enhancer.Name, job.ResultCount);
        int done = 0, failed = 0, left = 0;
        EnhanceProgress.Show(parsed, job.ResultCount, progress =>
        {
            foreach (var outcome in job.Run(enhancer, progress.Tile, cancellation))
            {
                failed += outcome.Error is null ? 0 : 1;
                left += outcome.LeftAlone is null ? 0 : 1;
                done += outcome.Output is null ? 0 : 1;
                progress.File();
                report.File(outcome);
                if (outcome.Error is not null)
                    parsed.InvocationConfiguration.Error.WriteLine($"unpress: {outcome.Input}: {outcome.Error.ReplaceLineEndings(" ")}");
            }
        });
        report.End(done, left, failed, clock.Elapsed);
        return failed == 0 ? ExitCodes.Ok : ExitCodes.SomeInputsFailed;
    }

    private static NetworkEnhancer Open(string model, NetworkEnhancerOptions options)
        => new(model, ModelFile.Load(ModelFinder.Find(model)).Network, options);

    private static ImageFormat FormatOf(string name) => Enum.GetValues<ImageFormat>().First(format => ImageFormats.Name(format) == name);

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
