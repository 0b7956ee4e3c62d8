using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;
using Unpress.Inference;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary><c>unpress enhance</c>: takes the damage of lossy compression out of pictures.</summary>
public static class EnhanceCommand
{
    /// <summary>Formats as their files' names end.</summary>
    private static readonly Dictionary<string, string> ShortNames = new() { ["jpg"] = "jpeg", ["tif"] = "tiff" };

    public static Command Create()
    {
        var inputs = new Argument<string[]>("in")
        {
            Description = "Pictures, folders of pictures, or - for standard input.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string>("--output", "-o")
        {
            Description = "A file, a folder, or - for standard output; by default name.unpress.png beside each input.",
        };
        var recursive = new Option<bool>("--recursive", "-r") { Description = "Include subfolders; the results get the same subfolders." };
        var choice = new EnhancerChoice();
        var consistent = new Option<bool>("--consistent")
        {
            Description = "Keep the result consistent with the JPEG: compressed again in the same way, it gives the same file.",
        };
        var protect = new Option<string>("--protect")
        {
            Description = "A mask of the picture's size: where it is white the picture stays as it is, where it is black it is restored; gray keeps a part.",
        };
        var format = new Option<string>("--format") { Description = "Format of the results; by default that of the output's extension, or png." };
        format.AcceptOnlyFromAmong([.. Enum.GetValues<ImageFormat>().Select(ImageFormats.Name), .. ShortNames.Keys]);
        var quality = NumberOption.Maybe(
            "--quality",
            "1 to 100 for lossy results. JPEG has 95; the others are lossless without it, but that WebP and BMP keep 8 of 16 bits, HEIC and AVIF 10, and HEIC is off by one in places.",
            1, 100);
        var subsampling = Choice("--subsampling", "Chroma of lossy results.", "444", "422", "420");
        var metadata = Choice("--metadata", "What of EXIF, XMP and the like is kept.", "keep", "no-gps", "none");
        var dates = Choice("--dates", "The results' file dates: those of the inputs, or now.", "keep", "new");
        var again = new Option<bool>("--again") { Description = "Also enhance pictures whose note says that they were enhanced before." };
        var overwrite = new Option<bool>("--overwrite") { Description = "Replace results that are there already." };
        var reference = new Option<string>("--reference")
        {
            Description = "The undamaged original, or a folder of originals with the inputs' names; prints the gain.",
        };
        var candidates = NumberOption.Maybe(
            "--candidates", "With a one-to-many model: write so many answers for each picture, name-1.png and so on, to choose from.", 1, 1000);
        var seed = NumberOption.Maybe<ulong>("--seed", "Seed of the first candidate, the others have the next ones; 1 without it.", 0);
        var json = new Option<bool>("--json") { Description = "Print events as JSON, one on each line." };
        var salvage =
            new Option<bool>("--salvage") { Description = "Accept damaged and cut files and take what can be decoded; missing parts are gray or black." };
        var compare = new Option<bool>("--compare")
        {
            Description = "Write a page beside each result, name.compare.html, that compares it with its input: a slider, a dial for the strength, and 200 %.",
        };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Say something of each picture, however many there are." };

        var command = new Command("enhance", "Remove the damage of lossy compression from pictures.")
        {
            inputs, output, recursive, consistent, protect, format, quality, subsampling, metadata, dates, again, overwrite, reference, candidates,
            seed, compare, salvage,
        };
        var batch = new BatchOptions();
        var isolation = new IsolationOptions();
        foreach (var option in batch.Options.Concat([json, verbose]).Concat(choice.Options).Concat(isolation.Options))
            command.Options.Add(option);
        command.Validators.Add(choice.Check);
        command.Validators.Add(result =>
        {
            if (result.GetResult(inputs) is not { Tokens.Count: > 0 } && !batch.Retries(result))
                result.AddError("enhance needs pictures or folders: unpress enhance photo.jpg");
            if (batch.Resumes(result) && result.GetResult(overwrite) is not null)
                result.AddError("--resume keeps what is done, --overwrite replaces it: leave one of them out");
            if (result.GetResult(seed) is not null && result.GetResult(candidates) is null)
                result.AddError("--seed belongs to --candidates");
        });
        // On a thread of its own: Ctrl-C must get through while a tile is at work.
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string? target = parsed.GetValue(output);
            long bytes = choice.MemoryOf(parsed);
            // What --memory says holds for what a decoder takes, too.
            ImageLimits.Use(ImageLimits.Default with { MaxBytes = bytes, Salvage = parsed.GetValue(salvage) });
            var found = batch.Found(parsed);
            string[] named = parsed.GetValue(inputs) ?? [];
            var files = isolation.Open(parsed, found.Count > 1 || IsMany(named), Ahead, bytes);
            using var workers = files as IDisposable;
            string? mask = parsed.GetValue(protect);
            var job = new EnhanceJob(new EnhanceJobOptions
            {
                Files = files,
                TimeLimit = isolation.TimeLimit(parsed),
                Inputs = named,
                Found = found,
                Resume = batch.Resume(parsed),
                Selection = batch.Selection(parsed),
                Shard = batch.ShardOf(parsed),
                Ahead = Ahead,
                AheadBytes = bytes / 8,
                Compare = parsed.GetValue(compare),
                LookForEarlierSaves = parsed.GetValue(verbose) || !(found.Count > 1 || IsMany(named)),
                // Beside photos no file is left that nobody has asked for.
                Settings = target is not null || batch.Resume(parsed)
                    ? choice.Settings(parsed, SettingsOf(parsed, consistent, format, quality, subsampling, metadata, candidates, seed)
                        + (mask is null ? "" : $" --protect={Sha256.Of(File.ReadAllBytes(mask))}"))
                    : null,
                Recursive = parsed.GetValue(recursive),
                Output = target,
                Overwrite = parsed.GetValue(overwrite),
                Reference = parsed.GetValue(reference),
                Candidates = parsed.GetValue(candidates),
                Seed = parsed.GetValue(seed) ?? new EnhanceJobOptions { Inputs = [] }.Seed,
                Consistent = parsed.GetValue(consistent),
                Protect = mask is null ? null : new Protection(files.Load(mask, cancellation)),
                Threads = parsed.GetValue(choice.Threads),
                Again = parsed.GetValue(again),
                KeepDates = parsed.GetValue(dates) == "keep",
                Save = new SaveOptions
                {
                    Format = parsed.GetValue(format) is { } name ? FormatOf(name) : null,
                    Quality = parsed.GetValue(quality) ?? new SaveOptions().Quality,
                    Lossless = parsed.GetValue(quality) is null,
                    Subsampling = Enum.Parse<ChromaSubsampling>("C" + parsed.GetRequiredValue(subsampling)),
                    Metadata = Enum.Parse<MetadataPolicy>(parsed.GetRequiredValue(metadata).Replace("-", "", StringComparison.Ordinal), ignoreCase: true),
                },
            });
            var enhancer = choice.Open(parsed);
            using (enhancer as IDisposable)
            {
                var wishes = new Wishes(parsed.GetValue(json), parsed.GetValue(verbose), batch.Resume(parsed), batch.Failures(parsed));
                return batch.DryRun(parsed) ? Plan(parsed, job, enhancer, wishes, cancellation) : Run(parsed, job, enhancer, wishes, cancellation);
            }
        }));
        return command.WithLimits().WithExamples(
            "unpress enhance photo.jpg # writes photo.unpress.png beside it",
            "unpress enhance holiday -r -o restored --format jpg # a folder and all below it, as JPEG",
            "unpress enhance photo.jpg --strength 50 -o soft.png # half of the correction",
            "unpress enhance photo.jpg --compare # and a page that shows both under a slider",
            "unpress enhance photo.jpg --consistent # the result, compressed again, is this JPEG",
            "unpress enhance photo.jpg --protect face.png # keeps the original where the mask is white",
            "unpress enhance holiday -o restored --resume --failures failed.txt # goes on where it was stopped",
            "unpress enhance --retry-failed failed.txt -o restored # once more what failed",
            "unpress enhance archive -r -o restored --dry-run # how many, how long, how much space",
            "unpress enhance archive -r -o restored --resume --shard 3/8 # one part of eight, for eight machines",
            "unpress enhance scan.jpg --model drawings # for drawings, screens and text");
    }

    private static int Run(ParseResult parsed, EnhanceJob job, IEnhancer enhancer, Wishes wishes, CancellationToken cancellation)
        => Screen.Show(parsed, screen =>
        {
            var clock = Stopwatch.StartNew();
            // Standard output may be the picture's: then the words go to standard error.
            Action<string> write = job.WritesStandardOutput ? screen.Problem : screen.Result;
            IEnhanceReport report = wishes.Json ? new EnhanceEvents(write) : new EnhanceText(write, screen.Problem, wishes.Verbose, wishes.Resume);
            report.Start(enhancer.Name, job.ResultCount);
            var all = job.ResultCount > 1 ? screen.Bar("pictures", job.ResultCount) : null;
            var tiles = screen.Bar("reading", 1);
            var count = new EnhanceCount();
            // After Ctrl-C, too: what has failed so far.
            return wishes.Failures is { } list ? FailureList.Write(list, Go) : Go(_ => { });

            int Go(Action<EnhanceOutcome> failed)
            {
                foreach (var outcome in job.Run(enhancer, Tile, cancellation))
                {
                    count.Add(outcome);
                    all?.Increment(1);
                    if (outcome.Error is not null)
                        failed(outcome);
                    if (wishes.Json && outcome.Error is not null)
                        screen.Problem($"unpress: {outcome.Input}: {outcome.Error.ReplaceLineEndings(" ")}");
                    report.File(outcome);
                }

                report.End(count, job.PassedOver, clock.Elapsed);
                return count.Failed == 0 ? ExitCodes.Ok : ExitCodes.SomeInputsFailed;
            }

            void Tile(InputFile input, TileProgress tile)
            {
                report.Progress(input.Path, tile);
                if (tiles is null)
                    return;
                tiles.Description = Markup.Escape(Printable.Of(Path.GetFileName(input.Path)));
                tiles.MaxValue = tile.Total;
                tiles.Value = tile.Done;
            }
        });

    private static int Plan(ParseResult parsed, EnhanceJob job, IEnhancer enhancer, Wishes wishes, CancellationToken cancellation)
        => Screen.Show(parsed, screen =>
        {
            IEnhanceReport report = wishes.Json
                ? new EnhanceEvents(screen.Result)
                : new EnhanceText(screen.Result, screen.Problem, wishes.Verbose, wishes.Resume);
            report.Plan(job.Plan(enhancer, cancellation), job.PassedOver);
            return ExitCodes.Ok;
        });

    /// <summary>Pictures that are read while one is in the network; each may be in a process of its own.</summary>
    private static int Ahead => new EnhanceJobOptions { Inputs = [] }.Ahead;

    /// <param name="Failures">A file for what failed; null for none.</param>
    private sealed record Wishes(bool Json, bool Verbose, bool Resume, string? Failures);

    /// <summary>What these options are, in one line.</summary>
    private static string SettingsOf(ParseResult parsed, params Option[] options) =>
        string.Join(' ', options.Select(option => $"{option.Name}={Convert.ToString(parsed.GetResult(option)?.GetValueOrDefault<object?>(), CultureInfo.InvariantCulture)}"));

    private static bool IsMany(string[] inputs) => inputs.Length > 1 || inputs.Any(Directory.Exists);

    private static ImageFormat FormatOf(string name)
        => Enum.GetValues<ImageFormat>().First(format => ImageFormats.Name(format) == ShortNames.GetValueOrDefault(name, name));

    private static Option<string> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => values[0] };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
