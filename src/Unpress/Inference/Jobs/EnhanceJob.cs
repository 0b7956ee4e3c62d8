using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Imaging.Processes;
using Unpress.Metrics;

namespace Unpress.Inference.Jobs;

/// <summary>
/// Enhances many pictures: while one is in the network, the next are read and the last are written. One that fails is reported and the others go on.
/// However many there are, only those at work and the names of one folder are in memory.
/// </summary>
public sealed class EnhanceJob
{
    private readonly EnhanceJobOptions _options;
    private readonly InputTree _tree;
    private readonly OutputNames _names;
    private readonly bool _many;

    /// <summary>Goes through all inputs once, to count them.</summary>
    /// <exception cref="ArgumentException">The options contradict each other, or two results would have one name.</exception>
    public EnhanceJob(EnhanceJobOptions options)
    {
        options.Save.Validate();
        _options = options;
        _many = options.Found.Count > 0 || options.Inputs.Count > 1 || options.Inputs.Any(Directory.Exists);
        _names = new OutputNames(options.Output, _many, options.Save.Format);
        _tree = new InputTree(options.Found, options.Inputs, new InputTreeOptions
        {
            Recursive = options.Recursive,
            PassOver = OutputNames.ResultMark,
            Selection = options.Selection,
            Output = _names.Folder,
            OnPassedOver = place =>
            {
                // Once: the inputs are gone through again when they are worked on.
                if (ResultCount < 0 && options.Shard?.Holds(place) != false)
                    PassedOver.Add(place);
            },
        });
        if (options.Reference is { } reference && _many && !Directory.Exists(reference))
            throw new ArgumentException($"--reference {reference}: for several pictures it must be a folder");
        if (options.Output is null && options.Inputs.FirstOrDefault(input => input != InputFile.Standard && NativeFileKind.IsPipe(input)) is { } pipe)
            throw new ArgumentException($"{pipe} is a pipe, and beside it is no place for a result: name one with -o, such as -o result.png");
        if (options.Candidates is < 1)
            throw new ArgumentException($"--candidates {options.Candidates}: 1 or more");
        if (options.Compare && WritesStandardOutput)
            throw new ArgumentException("--compare: beside standard output there is no place for a page; name a file with -o");
        if (options.Candidates is not null && WritesStandardOutput)
            throw new ArgumentException("--candidates: standard output holds one picture; name a folder with -o");
        ResultCount = Inputs().Count() * (options.Candidates ?? 1);
    }

    /// <summary>True when a result goes to standard output.</summary>
    public bool WritesStandardOutput =>
        _options.Output == InputFile.Standard || (_options.Output is null && _options.Inputs.Contains(InputFile.Standard));

    /// <summary>Results when nothing fails.</summary>
    public int ResultCount { get; } = -1;

    /// <summary>Files of folders that are no pictures of a kind that is read.</summary>
    public PassedOver PassedOver { get; } = new();

    /// <summary>
    /// One outcome for each result, as soon as it is there, in the order of the inputs; nothing is done before it is asked for. When an input fails
    /// or is left alone, its further candidates are not tried.
    /// </summary>
    /// <param name="progress">Told of each tile, by the thread that asks for outcomes.</param>
    /// <exception cref="ArgumentException">Candidates of a network that has one answer.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the results so far stay, those at work are not written.</exception>
    public IEnumerable<EnhanceOutcome> Run(IEnhancer enhancer, Action<InputFile, TileProgress>? progress, CancellationToken cancellation)
    {
        if (_options.Candidates is not null && !enhancer.HasCandidates)
            throw new ArgumentException($"--candidates: the model {enhancer.Name} has one answer for a picture, it takes no noise");
        var stages = new PictureStages(_options, _names, _many, enhancer);
        // Candidates of one picture stop at the first that fails, and a pipe can be read once: those go one after the other.
        return _many && _options.Candidates is null && !WritesStandardOutput
            ? new Overlap(_options).Run(Works, stages, progress, cancellation)
            : OneByOne(stages, progress, cancellation);
    }

    /// <summary>What the run would be, without writing anything.</summary>
    /// <param name="enhancer">Tried on some of the pictures; null for counting alone.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public EnhancePlan Plan(IEnhancer? enhancer, CancellationToken cancellation)
    {
        var plan = new EnhancePlanner(_options, _names);
        foreach (var input in Inputs())
        {
            cancellation.ThrowIfCancellationRequested();
            plan.Add(input);
        }

        return plan.End(enhancer, cancellation);
    }

    /// <summary>This part's, with their results' names.</summary>
    private IEnumerable<NamedInput> Inputs() =>
        _tree.Groups().SelectMany(_names.Name).Where(input => _options.Shard is not { } shard || shard.Holds(input.File.RelativePath));

    private IEnumerable<PictureWork> Works(CancellationToken cancellation)
        => Inputs().Select(input => new PictureWork(input, null, _options.TimeLimit, cancellation));

    private IEnumerable<EnhanceOutcome> OneByOne(PictureStages stages, Action<InputFile, TileProgress>? progress, CancellationToken cancellation)
    {
        foreach (var input in Inputs())
        {
            var source = new Lazy<InputSource>(() => InputSource.Of(input.File)); // standard input can be read once
            for (int k = 1; k <= (_options.Candidates ?? 1); k++)
            {
                cancellation.ThrowIfCancellationRequested();
                using var work = new PictureWork(input, _options.Candidates is null ? null : k, _options.TimeLimit, cancellation, source);
                stages.Read(work);
                stages.Enhance(work, tile => progress?.Invoke(input.File, tile));
                stages.Write(work);
                yield return work.Outcome!;
                if (work.Outcome!.Error is not null || work.Outcome.LeftAlone is not null)
                    break;
            }
        }
    }
}

/// <summary>One picture on its way from its file to its result.</summary>
/// <param name="candidate">From 1; null for a network's one answer.</param>
internal sealed class PictureWork(
    NamedInput input, int? candidate, TimeSpan? limit, CancellationToken cancellation, Lazy<InputSource>? source = null) : IDisposable
{
    private readonly CancellationTokenSource? _limit = limit is null ? null : CancellationTokenSource.CreateLinkedTokenSource(cancellation);
    private readonly Stopwatch _clock = new();

    public NamedInput Named => input;

    public InputFile Input => input.File;

    public int? Candidate => candidate;

    public Lazy<InputSource> Source { get; } = source ?? new Lazy<InputSource>(() => InputSource.Of(input.File));

    /// <summary>What came of it; the stages that are left then do nothing.</summary>
    public EnhanceOutcome? Outcome { get; private set; }

    public string Output { get; set; } = "";

    /// <summary>The input's, for the journal; null where there is none.</summary>
    public string? Hash { get; set; }

    public bool Replace { get; set; }

    public ulong? Seed { get; set; }

    public ImageBuffer? Image { get; set; }

    public ImageBuffer? Reference { get; set; }

    public JpegCoefficients? Coefficients { get; set; }

    public EarlierSave? Earlier { get; set; }

    public ImageBuffer? Restored { get; set; }

    public int Tiles { get; set; }

    public TimeSpan Enhancing { get; set; }

    /// <summary>What it held the stages up for; not what it waited between them.</summary>
    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Bytes of its pixels, the result's included.</summary>
    public long Bytes => 2 * (Image?.Data.LongLength ?? 0);

    /// <summary>What is counted for it among the pictures under way.</summary>
    public long Held { get; set; }

    /// <summary>One stage: a failure of it is the outcome, and the time that it takes counts.</summary>
    /// <param name="stage">Gives the outcome, or null where there is more to do.</param>
    /// <param name="many">Whether a result that another process was faster with is no failure.</param>
    /// <param name="name">In telemetry.</param>
    public void Do(bool many, Func<CancellationToken, EnhanceOutcome?> stage, [CallerMemberName] string name = "")
    {
        if (Outcome is not null)
            return;
        using var told = new ToldStage(name);
        _clock.Start();
        if (limit is { } time)
            _limit!.CancelAfter(time > _clock.Elapsed ? time - _clock.Elapsed : TimeSpan.Zero);
        try
        {
            Outcome = stage(_limit?.Token ?? cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            Outcome = Failed(
                FailureCode.TimeLimit, string.Create(CultureInfo.InvariantCulture, $"took longer than {limit!.Value.TotalSeconds:0.###} s (--time-limit)"));
        }
        catch (InvalidFileException taken) when (many && taken.Reason == AtomicFile.TakenReason && taken.Path != Input.Path)
        {
            // Another process was faster.
            Outcome = new EnhanceOutcome { Input = Input.Path, Skipped = $"{taken.Path} is there already" };
        }
        catch (Exception error) when (ReasonOf(error, Input) is { } reason)
        {
            Outcome = Failed(CodeOf(error), reason);
        }
        finally
        {
            _clock.Stop();
            if (Outcome is null)
                _limit?.CancelAfter(Timeout.InfiniteTimeSpan);
            else
                (Image, Reference, Coefficients, Restored) = (null, null, null, null);
            told.End(Outcome);
        }
    }

    public void Dispose() => _limit?.Dispose();

    public EnhanceOutcome Failed(FailureCode code, string reason) =>
        new()
        {
            Input = Input.Path,
            InputBytes = Input.Bytes ?? ForeignName.OfArgument(Input.Path),
            RelativePath = Input.RelativePath,
            Code = code,
            Error = reason,
        };

    private static FailureCode CodeOf(Exception error) => error switch
    {
        InvalidFileException invalid => invalid.Fault,
        OutOfMemoryException => FailureCode.Memory,
        UnauthorizedAccessException => FailureCode.NoPermission,
        ProcessFailedException => FailureCode.Program,
        UnsuitablePictureException or IncomparableException => FailureCode.Unsupported,
        BrokenOutputException or ModelException => FailureCode.Model,
        _ => FailureCode.Unusable,
    };

    /// <summary>What to tell of a failure, without the input's name; null for defects of ours, which must be seen.</summary>
    private static string? ReasonOf(Exception error, InputFile input)
        => error is OutOfMemoryException ? "not enough memory for this picture" : UnpressException.Line(error, input.Path);
}

/// <summary>One stage of one picture in telemetry: a span, its seconds, and what came of the picture where it was the last.</summary>
internal sealed class ToldStage(string name) : IDisposable
{
    private static readonly Histogram<double> Seconds =
        Telemetry.Meter.CreateHistogram<double>("unpress.picture.stage.duration", "s", "Time that a picture spends in a stage: read, enhance, write.");

    private static readonly Counter<long> Pictures =
        Telemetry.Meter.CreateCounter<long>("unpress.pictures", "{picture}", "Pictures that are done, by their outcome.");

    private readonly string _stage = name.ToLowerInvariant();
    private readonly Activity? _span = Telemetry.Spans.StartActivity($"picture {name.ToLowerInvariant()}");
    private readonly long _start = Stopwatch.GetTimestamp();

    public void End(EnhanceOutcome? outcome)
    {
        Seconds.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, new KeyValuePair<string, object?>("stage", _stage));
        if (outcome is null)
            return;
        string word = outcome switch
        {
            { Error: not null } => "failed",
            { Skipped: not null } => "skipped",
            { LeftAlone: not null } => "left",
            _ => "restored",
        };
        Pictures.Add(1, new KeyValuePair<string, object?>("outcome", word));
        _span?.SetTag("outcome", word);
        if (outcome.Code is { } code)
            _span?.SetTag("error.type", code.ToString()).SetStatus(ActivityStatusCode.Error);
    }

    public void Dispose() => _span?.Dispose();
}
