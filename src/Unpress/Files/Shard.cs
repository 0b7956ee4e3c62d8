using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Unpress.Files;

/// <summary>
/// One part of a job that several processes share. Which part a picture belongs to follows from its place below the folder that was given, by a hash: it
/// is the same on every machine, in whatever order a disk lists its files, and nobody need talk to anybody.
/// </summary>
public sealed record Shard
{
    /// <summary>What a program sets that starts the parts, where its scheduler does not say how many there are.</summary>
    public const string CountVariable = "UNPRESS_SHARD_COUNT";

    /// <exception cref="ArgumentException">Not within 1..<paramref name="count"/>.</exception>
    public Shard(int number, int count)
    {
        if (count < 1 || number < 1 || number > count)
            throw new ArgumentException($"--shard {number}/{count}: the first number goes from 1 to the second");
        (Number, Count) = (number, count);
    }

    /// <summary>From 1.</summary>
    public int Number { get; }

    public int Count { get; }

    /// <summary>As a part of file names.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Number}-of-{Count}");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}/{Count}");

    /// <summary>Whether a picture is this part's.</summary>
    /// <param name="relative">Its place below the folder that was given.</param>
    public bool Holds(string relative)
    {
        Span<byte> hash = stackalloc byte[32];
        System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(relative.Replace('\\', '/')), hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash) % (uint)Count == (uint)(Number - 1);
    }

    /// <summary>i/n, or "auto": what the scheduler says that started this process.</summary>
    /// <param name="variable">The environment.</param>
    /// <exception cref="ArgumentException">Neither, or no scheduler has said it.</exception>
    public static Shard Parse(string text, Func<string, string?> variable)
    {
        if (text == "auto")
            return Of(variable);
        return text.Split('/') is [var number, var count] && Whole(number) is { } part && Whole(count) is { } all
            ? new Shard(part, all)
            : throw new ArgumentException($"--shard takes i/n, as 3/8, or auto, not '{text}'");
    }

    /// <summary>From the variables of a Slurm array, of an Indexed Job of Kubernetes, or of torchrun; each of them counts in its own way.</summary>
    private static Shard Of(Func<string, string?> variable)
    {
        var found = new List<(string From, Shard Shard)>();
        if (Number("SLURM_ARRAY_TASK_ID") is { } task)
        {
            int least = Number("SLURM_ARRAY_TASK_MIN") ?? 0, step = Number("SLURM_ARRAY_TASK_STEP") ?? 1;
            int count = Number("SLURM_ARRAY_TASK_COUNT") ?? throw Missing("SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_COUNT");
            int place = (task - least) / Math.Max(step, 1);
            if (place < 0 || place >= count)
            {
                throw new ArgumentException(
                    $"--shard auto: SLURM_ARRAY_TASK_ID {task} is not one of {count} from {least} in steps of {step}: give an array without gaps, as --array=0-7");
            }

            found.Add(("SLURM_ARRAY_TASK_ID", new Shard(place + 1, count)));
        }

        if (Number("JOB_COMPLETION_INDEX") is { } index)
            found.Add(("JOB_COMPLETION_INDEX", new Shard(index + 1, Number(CountVariable) ?? throw Missing("JOB_COMPLETION_INDEX", CountVariable))));
        if (Number("RANK") is { } rank)
            found.Add(("RANK", new Shard(rank + 1, Number("WORLD_SIZE") ?? throw Missing("RANK", "WORLD_SIZE"))));
        if (found.Count == 0)
            throw new ArgumentException("--shard auto: none of SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX and RANK is set: no scheduler has started this process; write --shard i/n");
        if (found.Select(one => one.Shard).Distinct().Count() > 1)
            throw new ArgumentException($"--shard auto: {string.Join(" and ", found.Select(one => $"{one.From} says {one.Shard}"))}; write --shard i/n");
        return found[0].Shard;

        int? Number(string name) => variable(name) is { Length: > 0 } text
            ? Whole(text) ?? throw new ArgumentException($"--shard auto: {name} is '{text}', which is no number")
            : null;

        static ArgumentException Missing(string there, string absent) => new($"--shard auto: {there} is set, but {absent} is not: how many parts there are is not known");
    }

    private static int? Whole(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
