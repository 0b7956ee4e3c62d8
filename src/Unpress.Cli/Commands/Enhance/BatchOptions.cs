using System.CommandLine;
using System.CommandLine.Parsing;
using Unpress.Files;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Enhance;

/// <summary>The options of <c>enhance</c> for many pictures: which of a folder, which part of them, going on, what failed, what it would be.</summary>
internal sealed class BatchOptions
{
    private readonly Option<string[]> _include = new("--include")
    {
        Description = "Of folders only what fits a pattern: '*.jpg', '2019/**', '*.{jpg,png}'; may be repeated.",
        HelpName = "GLOB",
    };

    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "Of folders nothing that fits a pattern; a folder that fits is left out with all below it. May be repeated.",
        HelpName = "GLOB",
    };

    private readonly Option<string> _shard = new("--shard")
    {
        Description = "Do part i of n, as 3/8; auto reads it from a Slurm array, an Indexed Job of Kubernetes or torchrun.",
        HelpName = "I/N",
    };

    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Write nothing: count the pictures, try some, and say how long it would take and how much space." };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on with a folder: results of the same input, model and settings stay, those of others are made anew.",
    };

    private readonly Option<string> _failures = new("--failures") { Description = "Write the inputs that failed to a file, for --retry-failed.", HelpName = "FILE" };

    private readonly Option<string> _retry = new("--retry-failed") { Description = "Take the inputs from such a file.", HelpName = "FILE" };

    public BatchOptions()
    {
        foreach (var globs in (Option<string[]>[])[_include, _exclude])
            globs.Validators.Add(result => Try(
                result, () => _ = (result.GetValueOrDefault<string[]>() ?? []).Select(text => new Glob(text)).ToList(), globs.Name));
        _shard.Validators.Add(result => Try(result, () => Shard.Parse(result.GetValueOrDefault<string>()!, Environment.GetEnvironmentVariable)));
    }

    /// <summary>In the order in which help lists them.</summary>
    public IEnumerable<Option> Options => [_include, _exclude, _shard, _dryRun, _resume, _failures, _retry];

    public bool Resume(ParseResult parsed) => parsed.GetValue(_resume);

    public bool DryRun(ParseResult parsed) => parsed.GetValue(_dryRun);

    public InputSelection Selection(ParseResult parsed) => new(Globs(parsed, _include), Globs(parsed, _exclude));

    public Shard? ShardOf(ParseResult parsed) => parsed.GetValue(_shard) is { } text ? Shard.Parse(text, Environment.GetEnvironmentVariable) : null;

    /// <summary>Where this part's failures go; null for nowhere.</summary>
    public string? Failures(ParseResult parsed) => parsed.GetValue(_failures) is { } path ? FailureList.NameFor(path, ShardOf(parsed)) : null;

    /// <exception cref="InvalidFileException">The list of failures cannot be read.</exception>
    public IReadOnlyList<InputFile> Found(ParseResult parsed) => parsed.GetValue(_retry) is { } list ? FailureList.Read(list) : [];

    public bool Retries(CommandResult result) => result.GetResult(_retry) is not null;

    public bool Resumes(CommandResult result) => result.GetResult(_resume) is not null;

    private static List<Glob> Globs(ParseResult parsed, Option<string[]> option) => [.. (parsed.GetValue(option) ?? []).Select(text => new Glob(text))];

    private static void Try(OptionResult result, Action read, string? name = null)
    {
        try
        {
            read();
        }
        catch (ArgumentException error)
        {
            result.AddError(name is null ? error.Message : $"{name}: {error.Message}");
        }
    }
}
