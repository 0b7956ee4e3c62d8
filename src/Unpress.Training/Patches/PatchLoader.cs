using System.Diagnostics;

namespace Unpress.Patches;

/// <summary>
/// Worker threads that keep a few batches ready, in order, so that the training thread finds the next one done. The number of
/// workers changes the speed, never the samples.
/// </summary>
public sealed class PatchLoader : IDisposable
{
    private readonly PatchSampler _sampler;
    private readonly int _batch;
    private readonly long _firstIndex;
    private readonly long _stride;
    private readonly PatchBatch[] _ring;
    private readonly bool[] _ready;
    private readonly Exception?[] _failures;
    private readonly Thread[] _workers;
    private readonly object _lock = new();

    // Batches are numbered 0, 1, 2, … from the first index; number n lives in ring slot n mod length.
    private long _toFill;
    private long _toRead;
    private long _released;
    private bool _stopped;

    /// <param name="sampler">Makes the samples.</param>
    /// <param name="batch">Samples in a batch.</param>
    /// <param name="firstIndex">Where in the data to begin: 0, or what a checkpoint says.</param>
    /// <param name="workers">Threads.</param>
    /// <param name="ahead">Batches kept ready beyond the one in use.</param>
    /// <param name="stride">Samples from one batch to the next; by default as many as are in one.</param>
    public PatchLoader(PatchSampler sampler, int batch, long firstIndex = 0, int workers = 1, int ahead = 4, int? stride = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstIndex);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ahead, 1);
        _sampler = sampler;
        _batch = batch;
        _firstIndex = firstIndex;
        _stride = stride ?? batch;
        _ring = new PatchBatch[ahead + 1];
        for (int i = 0; i < _ring.Length; i++)
            _ring[i] = new PatchBatch(batch, sampler.Options.Channels, sampler.Options.Size);
        _ready = new bool[_ring.Length];
        _failures = new Exception?[_ring.Length];
        _workers = new Thread[workers];
        for (int i = 0; i < workers; i++)
        {
            _workers[i] = new Thread(Work) { IsBackground = true, Name = $"patches {i}" };
            _workers[i].Start();
        }
    }

    /// <summary>Seconds <see cref="Next"/> has waited since the first batch came: what the data cost the training thread.</summary>
    public double WaitSeconds { get; private set; }

    /// <summary>Seconds until the first batch was there: start-up, in which nothing could have been ready.</summary>
    public double StartupSeconds { get; private set; }

    /// <summary>The next batch, in order. The one returned before it goes back to the workers: copy what must outlive this call.</summary>
    /// <exception cref="InvalidOperationException">A worker failed; the message names the training picture.</exception>
    public PatchBatch Next(CancellationToken cancellation = default)
    {
        using var wake = cancellation.Register(WakeAll);
        long started = Stopwatch.GetTimestamp();
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_stopped, this);
            _released = _toRead;
            Monitor.PulseAll(_lock);
            int slot = (int)(_toRead % _ring.Length);
            while (!_ready[slot])
            {
                cancellation.ThrowIfCancellationRequested();
                Monitor.Wait(_lock);
            }

            double waited = Stopwatch.GetElapsedTime(started).TotalSeconds;
            if (_toRead == 0)
                StartupSeconds = waited;
            else
                WaitSeconds += waited;
            if (_failures[slot] is { } failure)
                throw new InvalidOperationException(failure.Message, failure);
            _ready[slot] = false;
            _toRead++;
            return _ring[slot];
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _stopped = true;
        WakeAll();
        foreach (var worker in _workers)
            worker.Join();
    }

    private void WakeAll()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
    }

    private void Work()
    {
        byte[] x = new byte[_sampler.PatchBytes], y = new byte[_sampler.PatchBytes];
        while (Take() is { } number)
        {
            int slot = (int)(number % _ring.Length);
            try
            {
                _ring[slot].Fill(_sampler, _firstIndex + (number * _stride), x, y);
            }
            catch (Exception e)
            {
                // Not swallowed: the training thread meets it in Next, at the batch it belongs to.
                _failures[slot] = e;
            }

            lock (_lock)
            {
                _ready[slot] = true;
                Monitor.PulseAll(_lock);
            }
        }
    }

    // The number of the next batch to make, once its slot is free; null when it is time to go.
    private long? Take()
    {
        lock (_lock)
        {
            while (!_stopped && _toFill >= _released + _ring.Length)
                Monitor.Wait(_lock);
            return _stopped ? null : _toFill++;
        }
    }
}
