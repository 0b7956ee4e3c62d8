using System.Collections.Concurrent;
using Unpress.Files;

namespace Unpress.Inference.Jobs;

/// <summary>
/// The stages of many pictures at the same time: one picture is in the network while the next are read and the last are written, so that the
/// network has its next picture at once. Outcomes come in the order of the inputs. How many pictures are under way is bounded, and so are their bytes.
/// </summary>
internal sealed class Overlap(EnhanceJobOptions options)
{
    /// <summary>Bytes of pixels for a byte of a file that has not been decoded yet: a JPEG has about one bit a pixel.</summary>
    private const long Expanding = 24;

    private readonly object _lock = new();
    private long _held;

    /// <param name="works">All pictures; gets what ends them when nobody asks for outcomes any more.</param>
    public IEnumerable<EnhanceOutcome> Run(
        Func<CancellationToken, IEnumerable<PictureWork>> works, PictureStages stages, Action<InputFile, TileProgress>? progress,
        CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var reading = new BlockingCollection<Task<PictureWork>>(options.Ahead);
        // Not bounded: what is told of tiles must not hold the network up. Pictures in it are counted by the next.
        using var told = new BlockingCollection<Message>();
        using var writing = new SemaphoreSlim(options.Ahead);
        var token = stop.Token;
        var feeder = Task.Factory.StartNew(() => Feed(works(token), stages, reading, token), token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var network = Task.Factory.StartNew(
            () => Enhance(stages, reading, told, writing, progress is not null, token), token, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            foreach (var message in told.GetConsumingEnumerable(CancellationToken.None))
            {
                if (message.Tile is { } tile)
                {
                    progress!(message.Input!, tile);
                    continue;
                }

                using var work = message.Written!.GetAwaiter().GetResult();
                writing.Release();
                yield return work.Outcome!;
            }
        }
        finally
        {
            stop.Cancel();
            lock (_lock)
                Monitor.PulseAll(_lock);
            Settle(feeder, network);
            Settle([.. reading, .. told.Select(message => message.Written).OfType<Task>()]);
        }
    }

    /// <summary>Starts to read pictures, in order and a few at a time.</summary>
    private void Feed(IEnumerable<PictureWork> works, PictureStages stages, BlockingCollection<Task<PictureWork>> reading, CancellationToken stop)
    {
        try
        {
            foreach (var work in works)
            {
                long held = Admit(Guess(work.Input), stop);
                var read = Start(work, () =>
                {
                    stages.Read(work);
                    work.Held = Correct(held, work.Bytes);
                });
                try
                {
                    reading.Add(read, stop);
                }
                catch (OperationCanceledException)
                {
                    Settle(read);
                    throw;
                }
            }
        }
        catch (Exception error) when (error is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            reading.Add(Task.FromException<PictureWork>(error), stop);
        }
        finally
        {
            reading.CompleteAdding();
        }
    }

    /// <summary>Takes what has been read through the network, and starts to write it.</summary>
    private void Enhance(
        PictureStages stages, BlockingCollection<Task<PictureWork>> reading, BlockingCollection<Message> told, SemaphoreSlim writing, bool tell,
        CancellationToken stop)
    {
        try
        {
            foreach (var read in reading.GetConsumingEnumerable(stop))
            {
                var work = read.GetAwaiter().GetResult();
                stages.Enhance(work, tile =>
                {
                    if (tell)
                        told.Add(new Message(work.Input, tile, null), CancellationToken.None);
                });
                writing.Wait(stop);
                told.Add(new Message(null, null, Start(work, () =>
                {
                    try
                    {
                        stages.Write(work);
                    }
                    finally
                    {
                        Correct(work.Held, 0);
                    }
                })), CancellationToken.None);
            }
        }
        catch (Exception error)
        {
            told.Add(new Message(null, null, Task.FromException<PictureWork>(error)), CancellationToken.None);
        }
        finally
        {
            told.CompleteAdding();
        }
    }

    /// <summary>Waits until there is room for a picture; one that is alone always has.</summary>
    private long Admit(long bytes, CancellationToken stop)
    {
        lock (_lock)
        {
            while (_held > 0 && _held + bytes > options.AheadBytes)
            {
                stop.ThrowIfCancellationRequested();
                Monitor.Wait(_lock);
            }

            _held += bytes;
        }

        return bytes;
    }

    /// <summary>Replaces what was held for a picture by what it has.</summary>
    private long Correct(long before, long now)
    {
        lock (_lock)
        {
            _held += now - before;
            Monitor.PulseAll(_lock);
        }

        return now;
    }

    /// <summary>Of the pixels and as much again for the result.</summary>
    private static long Guess(InputFile input)
    {
        try
        {
            return input.Fault is null && !input.IsStandard ? 2 * Expanding * new FileInfo(input.Path).Length : 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return 0; // reading it will say so
        }
    }

    // On a thread of its own: what waits for disks and other processes must not use up the pool's threads.
    private static Task<PictureWork> Start(PictureWork work, Action stage) => Task.Factory.StartNew(
        () =>
        {
            stage();
            return work;
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for what has been started. How it ended has been told, or nobody asks any more.</summary>
    private static void Settle(params IEnumerable<Task> tasks)
    {
        foreach (var task in tasks)
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
    }

    /// <summary>A tile of a picture is done, or a picture is.</summary>
    private readonly record struct Message(InputFile? Input, TileProgress? Tile, Task<PictureWork>? Written);
}
