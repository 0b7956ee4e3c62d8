using System.Reflection;

namespace Unpress.Imaging.Workers;

/// <summary>What workers are and what they may.</summary>
public sealed record WorkerOptions
{
    /// <summary>The program of a worker with its arguments; one that calls <see cref="WorkerHost.Run"/>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>2 GB.</summary>
    public const long UsualMemory = 2L << 30;

    /// <summary>Processes at the same time; each is started when it is needed.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Bytes that one may take beyond what it needs to start. Held by the system on Linux, of managed memory everywhere.</summary>
    public long Memory { get; init; } = UsualMemory;

    /// <summary>For one picture to be read, or written.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Null for the default.</summary>
    public ImageLimits? Limits { get; init; }

    /// <summary>
    /// This very program as its own worker; null where its first lines do not call <see cref="WorkerHost.Run"/>, which it says of itself by the
    /// assembly's attribute <see cref="HostsWorkersAttribute"/>.
    /// </summary>
    public static IReadOnlyList<string>? OwnCommand { get; } = FindOwn();

    private static IReadOnlyList<string>? FindOwn()
    {
        if (Environment.ProcessPath is not { } program || Assembly.GetEntryAssembly() is not { } entry
            || entry.GetCustomAttribute<HostsWorkersAttribute>() is null)
            return null;
        bool isRuntime = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return isRuntime ? [program, entry.Location, WorkerHost.Verb] : [program, WorkerHost.Verb];
    }
}

/// <summary>On a program's assembly: started with the one argument <see cref="WorkerHost.Verb"/>, it is a worker.</summary>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class HostsWorkersAttribute : Attribute;
