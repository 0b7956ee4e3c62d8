using System.Security.Cryptography;
using Unpress.Imaging;
using Unpress.Inference;

namespace Unpress.Studio.Jobs;

/// <summary>How far a job is.</summary>
public enum JobState
{
    Queued,
    Running,
    Done,

    /// <summary>The picture says that it has been enhanced already, and nobody asked to do it again.</summary>
    Left,
    Failed,
    Cancelled,
}

/// <summary>What is to be made of an upload.</summary>
/// <param name="Model">Name of a model of the models folder.</param>
/// <param name="Seed">Which answer of a one-to-many model; null for the one without noise.</param>
/// <param name="Again">Enhance a picture, too, that says it has been.</param>
/// <param name="Group">Jobs that are watched together; null for none.</param>
internal sealed record JobOrder(string Model, ulong? Seed, bool Again, string? Group);

/// <summary>One picture on its way through one model. What a model made of it is kept as long as there is room.</summary>
internal sealed class StudioJob : IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _cancellation = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JobState _state = JobState.Queued;
    private readonly SemaphoreSlim _use = new(1, 1);
    private bool _disposed;

    public StudioJob(Upload upload, JobOrder order)
    {
        (Upload, Order) = (upload, order);
        upload.Use();
    }

    /// <summary>Nobody guesses it: who knows it may see the picture.</summary>
    public string Id { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public Upload Upload { get; }

    public JobOrder Order { get; }

    public DateTime Created { get; } = DateTime.UtcNow;

    public CancellationToken Cancellation => _cancellation.Token;

    public JobState State => _state;

    public bool HasEnded => _state > JobState.Running;

    public double Progress { get; private set; }

    public string? Error { get; private set; }

    public Finding? Finding { get; private set; }

    public TimeSpan Took { get; private set; }

    /// <summary>What the model made; null before, and when the memory was needed.</summary>
    public Correction? Kept { get; private set; }

    /// <summary>Where the pixels at full strength lie once the memory was needed for others; null before.</summary>
    public string? FullPath { get; set; }

    /// <summary>Over the picture: white keeps it as it was. Null for none. Changed by who has the job in use.</summary>
    public Upload? Mask { get; private set; }

    /// <summary>Finished files, by their orders.</summary>
    public Dictionary<string, ResultFile> Results { get; } = new(StringComparer.Ordinal);

    /// <summary>Where results and views of it lie, by what they are.</summary>
    public Dictionary<string, string> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Done when something of it has changed since it was asked for.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
                return _changed.Task;
        }
    }

    public void Start() => Change(() => _state = JobState.Running);

    public void Found(Finding finding) => Change(() => Finding = finding);

    public void Tell(double progress)
    {
        // A picture of many tiles must not wake its watchers thousands of times.
        if (progress - Progress >= 0.005)
            Change(() => Progress = progress);
    }

    public void Keep(Correction? correction)
    {
        lock (_gate)
        {
            if (_disposed)
                correction?.Dispose();
            else
                Kept = correction;
        }
    }

    public void End(JobState state, TimeSpan took, string? error = null) => Change(() =>
    {
        if (HasEnded)
            return;
        (_state, Took, Error) = (state, took, error);
        if (state == JobState.Done)
            Progress = 1;
    });

    /// <param name="mask">The job's from here on; null takes the one away that there is.</param>
    public void Protect(Upload? mask)
    {
        var before = Mask;
        lock (_gate)
        {
            mask?.Use();
            Mask = mask;
        }

        before?.Leave();
    }

    public void Cancel()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
        }

        _cancellation.Cancel();
        if (_state == JobState.Queued)
            End(JobState.Cancelled, TimeSpan.Zero);
    }

    public async Task<JobState> EndAsync(CancellationToken cancellation)
    {
        for (var changed = Changed; !HasEnded; changed = Changed)
        {
            if (!HasEnded)
                await changed.WaitAsync(cancellation);
        }

        return _state;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        _cancellation.Cancel();
        FreeWhereGone();
        Upload.Leave();
    }

    /// <summary>Waits for the sole use of what is kept and of the files. Ends when the result is disposed.</summary>
    /// <returns>Null when the job has been removed.</returns>
    public async Task<IDisposable?> UseAsync(CancellationToken cancellation)
    {
        await _use.WaitAsync(cancellation);
        return InUse();
    }

    /// <returns>Null when somebody is using it, or it has been removed.</returns>
    public IDisposable? TryUse() => _use.Wait(0) ? InUse() : null;

    private Use? InUse()
    {
        var use = new Use(this);
        if (!_disposed)
            return use;
        use.Dispose();
        return null;
    }

    // What is in use is freed by its user.
    private void FreeWhereGone()
    {
        if (!_disposed || !_use.Wait(0))
            return;
        Kept?.Dispose();
        Kept = null;
        foreach (string file in Files.Values)
            StudioFolder.Delete(file);
        Files.Clear();
        Results.Clear();
        if (FullPath is { } full)
            StudioFolder.Delete(full);
        Mask?.Leave();
        Mask = null;
        _use.Release();
    }

    private sealed class Use(StudioJob job) : IDisposable
    {
        public void Dispose()
        {
            job._use.Release();
            job.FreeWhereGone();
        }
    }

    private void Change(Action change)
    {
        TaskCompletionSource before;
        lock (_gate)
        {
            change();
            before = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        before.TrySetResult();
    }
}
