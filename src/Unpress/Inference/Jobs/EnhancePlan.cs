using System.Diagnostics;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Formats;

namespace Unpress.Inference.Jobs;

/// <summary>What a run would be.</summary>
/// <param name="Pictures">All that it would look at.</param>
/// <param name="Bytes">Of their files.</param>
/// <param name="There">Those of them whose results are there.</param>
/// <param name="Tried">Pictures that the estimates are from; 0 for none.</param>
/// <param name="Time">For those whose results are not there, on this machine; null where nothing could be tried.</param>
/// <param name="ResultBytes">The size of their results.</param>
/// <param name="FreeBytes">On the disk where results go; null where that is not known.</param>
public sealed record EnhancePlan(long Pictures, long Bytes, long There, int Tried, TimeSpan? Time, long? ResultBytes, long? FreeBytes);

/// <summary>
/// Counts pictures and tries some of them, drawn evenly from all, without keeping a list. Time and size are taken to be in proportion to the files' bytes:
/// sums of the tried ones over sums of the tried ones, so that large files count as such.
/// </summary>
internal sealed class EnhancePlanner(EnhanceJobOptions options, OutputNames names)
{
    private const int Sample = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Random _random = new(1);
    private readonly List<(InputFile Input, long Bytes)> _drawn = [];
    private string? _firstOutput;
    private long _pictures, _bytes, _there, _left, _leftBytes;

    public void Add(NamedInput named)
    {
        var input = named.File;
        if (input.Fault is not null || input.IsStandard)
            return;
        long bytes = File.Exists(input.Path) ? new FileInfo(input.Path).Length : 0;
        _pictures++;
        _bytes += bytes;
        string output = names.For(named);
        _firstOutput ??= output;
        if (!options.Overwrite && File.Exists(output))
        {
            _there++;
            return;
        }

        _leftBytes += bytes;
        // Each of the first n has a chance of Sample in n to be among the drawn.
        long place = _left++ < Sample ? _drawn.Count : _random.NextInt64(_left);
        if (place == _drawn.Count && place < Sample)
            _drawn.Add((input, bytes));
        else if (place < Sample)
            _drawn[(int)place] = (input, bytes);
    }

    public EnhancePlan End(IEnhancer? enhancer, CancellationToken cancellation)
    {
        var (tried, share, time, size) = (0, 0L, TimeSpan.Zero, 0L);
        // The first run of a model is slower than all others: one picture is tried beforehand.
        if (enhancer is not null && _drawn.Count > 0)
            _ = Try(_drawn[0].Input, enhancer, cancellation);
        var clock = Stopwatch.StartNew();
        foreach (var (input, bytes) in enhancer is null ? [] : _drawn)
        {
            var start = clock.Elapsed;
            if (Try(input, enhancer!, cancellation) is { } made)
                (tried, share, time, size) = (tried + 1, share + bytes, time + clock.Elapsed - start, size + made);
            if (clock.Elapsed > Patience)
                break;
        }

        bool known = share > 0;
        return new EnhancePlan(
            _pictures, _bytes, _there, tried,
            known ? time / share * _leftBytes : null,
            known ? (long)((double)size / share * _leftBytes) : null,
            FreeBytes());
    }

    /// <summary>Bytes of the result; null where there would be none.</summary>
    private long? Try(InputFile input, IEnhancer enhancer, CancellationToken cancellation)
    {
        try
        {
            var image = options.Files.Load(input.Path, cancellation);
            var restored = enhancer.Enhance(image, cancellation);
            return options.Files.Encode(restored, options.Save with { Format = options.Save.Format ?? ImageFormat.Png }, input.Path, cancellation).LongLength;
        }
        catch (Exception error) when (UnpressException.Line(error) is not null || error is OutOfMemoryException)
        {
            return null;
        }
    }

    private long? FreeBytes()
    {
        try
        {
            string? folder = _firstOutput is null ? null : Path.GetDirectoryName(Path.GetFullPath(_firstOutput));
            while (folder is not null && !Directory.Exists(folder))
                folder = Path.GetDirectoryName(folder);
            return folder is null ? null : new DriveInfo(folder).AvailableFreeSpace;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
