using System.Collections.Concurrent;

namespace Unpress.Studio.Jobs;

/// <summary>The jobs that are remembered, and how much memory their results may hold.</summary>
internal sealed class JobStore(StudioOptions options, StudioFolder folder) : IDisposable
{
    private readonly ConcurrentDictionary<string, StudioJob> _jobs = new(StringComparer.Ordinal);

    public long KeptBytes => _jobs.Values.Sum(job => job.Kept?.Bytes ?? 0);

    public StudioJob? Find(string id) => _jobs.GetValueOrDefault(id);

    /// <summary>Those that are watched together, in the order in which they came.</summary>
    public IReadOnlyList<StudioJob> Group(string group) => [.. _jobs.Values.Where(job => job.Order.Group == group).OrderBy(job => job.Created)];

    public void Add(StudioJob job)
    {
        _jobs[job.Id] = job;
        if (_jobs.Count > options.Limits.Remembered && _jobs.Values.Where(one => one.HasEnded).MinBy(one => one.Created) is { } oldest)
            Remove(oldest.Id);
    }

    /// <summary>Ends it, if it is not at its end, and forgets it with its files.</summary>
    public bool Remove(string id)
    {
        if (!_jobs.TryRemove(id, out var job))
            return false;
        job.Cancel();
        job.Dispose();
        return true;
    }

    /// <summary>Gives back the memory of the oldest results until the others fit; of those the pixels at full strength go to the disk.</summary>
    public void MakeRoom()
    {
        long kept = KeptBytes;
        foreach (var job in _jobs.Values.Where(job => job.Kept is not null).OrderBy(job => job.Created))
        {
            if (kept <= options.Limits.KeptBytes)
                return;
            using var use = job.TryUse();
            if (use is null || job.Kept is not { } made)
                continue;
            if (job.FullPath is null)
            {
                string path = folder.NewPath();
                File.WriteAllBytes(path, made.At(100).Data);
                job.FullPath = path;
            }

            kept -= made.Bytes;
            job.Keep(null);
            made.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (string id in _jobs.Keys)
            Remove(id);
    }
}
