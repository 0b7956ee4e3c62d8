using System.Diagnostics;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Studio.Jobs;

/// <summary>
/// The one queue: jobs run one after the other, each with all threads. It is bounded; who comes when it is full is told when to come again.
/// </summary>
internal sealed partial class JobQueue : BackgroundService
{
    private readonly Channel<StudioJob> _waiting;
    private readonly StudioOptions _options;
    private readonly ModelShelf _models;
    private readonly JobStore _store;
    private readonly IPictureFiles _pictures;
    private readonly ILogger<JobQueue> _log;
    private readonly SemaphoreSlim _computing = new(1, 1);
    private double _usualSeconds = 2;

    public JobQueue(StudioOptions options, ModelShelf models, JobStore store, IPictureFiles pictures, ILogger<JobQueue> log)
    {
        (_options, _models, _store, _pictures, _log) = (options, models, store, pictures, log);
        _waiting = Channel.CreateBounded<StudioJob>(new BoundedChannelOptions(options.Limits.Waiting) { SingleReader = true });
        StudioMetrics.Watch(() => _waiting.Reader.Count, () => store.KeptBytes);
    }

    /// <summary>Seconds after which there should be room again.</summary>
    public int RetrySeconds => Math.Clamp((int)Math.Ceiling(_usualSeconds), 1, 60);

    /// <summary>Puts a job at the end of the queue.</summary>
    /// <returns>False when the queue is full.</returns>
    public bool TryAdd(StudioJob job)
    {
        _store.Add(job);
        if (_waiting.Writer.TryWrite(job))
            return true;
        _store.Remove(job.Id);
        StudioMetrics.Refused.Inc();
        return false;
    }

    /// <summary>What the model made of a finished job's picture: what is kept, or computed again. The caller has the job in use.</summary>
    public async Task<Correction> CorrectionOfAsync(StudioJob job, CancellationToken cancellation)
    {
        if (job.Kept is { } kept)
            return kept;
        var made = await ComputeAsync(() => Correct(job, _pictures.Load(job.Upload.Path, cancellation), cancellation), cancellation);
        job.Keep(made);
        return made;
    }

    /// <summary>Waits until no other model runs, then runs one.</summary>
    public async Task<T> ComputeAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        await _computing.WaitAsync(cancellation);
        try
        {
            return await Task.Run(work, cancellation);
        }
        finally
        {
            _computing.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var job in _waiting.Reader.ReadAllAsync(stoppingToken))
        {
            if (job.HasEnded)
                continue;
            await _computing.WaitAsync(stoppingToken);
            try
            {
                await Task.Run(() => Run(job, stoppingToken), CancellationToken.None);
            }
            finally
            {
                _computing.Release();
            }

            _store.MakeRoom();
        }
    }

    private void Run(StudioJob job, CancellationToken stopping)
    {
        using var span = Telemetry.Spans.StartActivity("studio job");
        var clock = Stopwatch.StartNew();
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(stopping, job.Cancellation);
        limited.CancelAfter(_options.Limits.JobTime);
        job.Start();
        try
        {
            var image = _pictures.Load(job.Upload.Path, limited.Token);
            var finding = Finding.Of(image, _models.Find(job.Order.Model)?.FullTo);
            job.Found(finding);
            if (finding.Enhanced is not null && !job.Order.Again)
            {
                End(JobState.Left, "enhanced already; it is left as it is unless you ask for it again");
                return;
            }

            var made = Correct(job, image, limited.Token);
            job.Keep(made);
            End(JobState.Done);
            _usualSeconds = (0.7 * _usualSeconds) + (0.3 * clock.Elapsed.TotalSeconds);
        }
        catch (OperationCanceledException)
        {
            bool asked = stopping.IsCancellationRequested || job.Cancellation.IsCancellationRequested;
            End(asked ? JobState.Cancelled : JobState.Failed, asked ? null : $"took longer than {_options.Limits.JobTime.TotalSeconds:0} seconds");
        }
        catch (Exception error) when (Failure.Reason(error, job.Upload.Path) is { } reason)
        {
            End(job.Cancellation.IsCancellationRequested ? JobState.Cancelled : JobState.Failed, reason);
        }
        catch (Exception error)
        {
            // A defect of ours costs this job; the log says what it was.
            LogDefect(error, job.Id);
            End(JobState.Failed, "something went wrong here that should not; the log says what");
        }

        void End(JobState state, string? reason = null)
        {
            job.End(state, clock.Elapsed, reason);
            StudioMetrics.Ended(state, clock.Elapsed);
            span?.SetTag("outcome", state.ToString().ToLowerInvariant());
            LogEnd(job.Id, state, clock.Elapsed.TotalMilliseconds, reason is null ? "" : ": " + reason);
        }
    }

    private Correction Correct(StudioJob job, ImageBuffer image, CancellationToken cancellation)
    {
        var draw = job.Order.Seed is { } seed ? new NoiseDraw(seed) : null;
        return _models.Get(job.Order.Model).Correct(image, draw, tile => job.Tell(tile.Done / tile.Total), cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Job {Id} ended as {State} after {Milliseconds:0} ms{Reason}")]
    private partial void LogEnd(string id, JobState state, double milliseconds, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Job {Id} met a defect")]
    private partial void LogDefect(Exception error, string id);
}

/// <summary>What to tell people of a failure.</summary>
internal static partial class Failure
{
    /// <summary>One line without paths of ours; null for defects.</summary>
    /// <param name="paths">Files of ours that the message may begin with.</param>
    public static string? Reason(Exception error, params string[] paths)
    {
        string? text = error switch
        {
            InvalidFileException invalid => invalid.Reason,
            BrokenOutputException or UnsuitablePictureException or ModelException or NativeImageException or MissingToolException or OnnxFileException =>
                error.Message,
            OutOfMemoryException => "not enough memory for this picture",
            IOException or UnauthorizedAccessException => "its file could not be read or written here",
            _ => null,
        };
        return text is null ? null : Clean(text, paths);
    }

    /// <summary>Without paths of ours, and without advice for the command line.</summary>
    public static string Clean(string text, params string[] paths)
        => paths.Aggregate(Advice().Replace(text.ReplaceLineEndings(" "), ""),
            (line, path) => line.Replace(path + ": ", "", StringComparison.Ordinal).Replace(path, "the file", StringComparison.Ordinal));

    [GeneratedRegex(@" \(--[a-z-]+ [^)]*\)|; --[a-z-]+ .*$")]
    private static partial Regex Advice();
}
