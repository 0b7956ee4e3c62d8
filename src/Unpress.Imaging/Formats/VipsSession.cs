using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using NetVips;

namespace Unpress.Imaging.Formats;

/// <summary>libvips as it is used here: it caches nothing and prints nothing, and what it says while a file is read goes to who reads it.</summary>
internal static unsafe partial class VipsSession
{
    private static readonly Lazy<Exception?> Problem = new(Start);

    /// <summary>Which libvips, such as 8.18.7.</summary>
    /// <exception cref="DllNotFoundException">It is not there, or not for this system.</exception>
    public static string Version
    {
        get
        {
            Require();
            return $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
        }
    }

    /// <summary>Before anything else of libvips.</summary>
    /// <exception cref="DllNotFoundException">It is not there, or not for this system.</exception>
    public static void Require()
    {
        if (Problem.Value is { } problem)
            throw new DllNotFoundException($"libvips, which reads and writes pictures, cannot be loaded: {problem.GetBaseException().Message}", problem);
    }

    /// <summary>
    /// Why it refused: the last of its lines is the cause; those before say which of its own functions passed it on, as does its first
    /// word. Null where another thread, whose errors are in the same text, has cleared it.
    /// </summary>
    public static string? Reason(VipsException refusal)
    {
        string[] lines = refusal.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length > 1 ? Domain().Replace(lines[^1], "") : null;
    }

    [GeneratedRegex(@"^\w+: ")]
    private static partial Regex Domain();

    private static Exception? Start()
    {
        // NetVips starts libvips when its first type is touched, and keeps what went wrong.
        if (!ModuleInitializer.VipsInitialized)
            return ModuleInitializer.Exception ?? new DllNotFoundException("libvips did not start");
        // Pictures are opened once here: remembering operations would only keep their memory.
        Cache.Max = 0;
        // Reading needs no threads of its own (VipsPixels). libaom cuts a picture by their number: it must not be that of the machine's processors, or
        // the same picture would become another file elsewhere.
        NetVips.NetVips.Concurrency = 4;
        const int allLevels = -1 & ~3; // less the two flags that are no levels
        _ = NativeVips.g_log_set_default_handler(&Receive, null);
        fixed (byte* domain = "VIPS\0"u8)
            _ = NativeVips.g_log_set_handler(domain, allLevels, &Receive, null);
        return null;
    }

    // Called by C: nothing may be thrown through it.
    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static void Receive(byte* domain, int level, byte* message, void* data) =>
        VipsWarnings.Add(Marshal.PtrToStringUTF8((nint)message));
}

/// <summary>
/// What libvips, and the decoders in it, say on this thread while one file is read. Everything is decoded on the thread that asks for pixels
/// (<see cref="VipsPixels"/>), so the messages of files that are read side by side do not mix.
/// </summary>
internal sealed class VipsWarnings : IDisposable
{
    /// <summary>A hostile file can cause millions.</summary>
    private const int Kept = 64;

    [ThreadStatic]
    private static VipsWarnings? _listening;

    private readonly VipsWarnings? _before = _listening;
    private readonly List<string> _lines = [];

    public VipsWarnings() => _listening = this;

    public IReadOnlyList<string> Lines => _lines;

    public static void Add(string? line)
    {
        if (_listening is { } one && line is not null && one._lines.Count < Kept)
            one._lines.Add(line);
    }

    public void Dispose() => _listening = _before;
}
