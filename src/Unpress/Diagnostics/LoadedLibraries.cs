using System.Text.RegularExpressions;

namespace Unpress.Diagnostics;

/// <summary>Which native libraries the operating system has mapped into this process, from where.</summary>
public static partial class LoadedLibraries
{
    /// <summary>The libraries of which a user wants to know; the hundred others they bring along would hide them.</summary>
    private static readonly string[] Interesting =
    [
        "libonnxruntime", "libunpress_torch", "libtorch", "libtorch_cpu", "libtorch_cuda", "libc10", "libc10_cuda", "libcudart",
        "libcudnn", "libdnnl", "libmkl_rt", "libopenblas", "libblas", "libgomp", "libomp", "libvips",
    ];

    private const string Maps = "/proc/self/maps";

    /// <summary>Empty elsewhere than on Linux.</summary>
    public static IReadOnlyList<LoadedLibrary> InThisProcess() => File.Exists(Maps) ? Parse(File.ReadLines(Maps)) : [];

    /// <summary>Reads the format of /proc/PID/maps: one line a mapping, several mappings a file, the path last.</summary>
    public static IReadOnlyList<LoadedLibrary> Parse(IEnumerable<string> maps) =>
        [.. maps
            .Select(line => line.IndexOf('/') is var start and >= 0 ? line[start..] : "")
            .Distinct()
            .Select(FromPath)
            .OfType<LoadedLibrary>()
            .Where(library => Interesting.Contains(library.Name))
            .OrderBy(library => Array.IndexOf(Interesting, library.Name))];

    private static LoadedLibrary? FromPath(string path)
    {
        Match match = FileName().Match(Path.GetFileName(path));
        return match.Success
            ? new(match.Groups["name"].Value, match.Groups["version"] is { Success: true, Value: var version } ? version : null, path)
            : null;
    }

    // libvips.so.42.16.1, libtorch.so, and the form of wheels: libgomp-a34b3233.so.1
    [GeneratedRegex(@"^(?<name>lib[A-Za-z0-9_]+)(-[0-9a-f.]+)?\.so(\.(?<version>[0-9.]+))?$")]
    private static partial Regex FileName();
}

/// <summary>A native library in this process.</summary>
/// <param name="Name">Its file name up to <c>.so</c>, such as libvips.</param>
/// <param name="Version">What its file name says, such as 42.16.1; null when it says nothing.</param>
/// <param name="Path">The file that was mapped, links followed.</param>
public sealed record LoadedLibrary(string Name, string? Version, string Path);
