using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Unpress.Files;

/// <summary>Names that are not UTF-8: no such file can be opened here, but each can be named without loss.</summary>
internal static class ForeignName
{
    /// <summary>What .NET puts for bytes that are not UTF-8. A name may hold it rightly, too.</summary>
    private const char Replacement = '\uFFFD';

    /// <summary>True where a name may be one of these.</summary>
    public static bool MayBe(string path) => path.Contains(Replacement, StringComparison.Ordinal);

    /// <summary>The names of a folder that are not UTF-8, by what .NET makes of them: several may look the same.</summary>
    public static Dictionary<string, Queue<byte[]>> In(string folder) => NativeFolderNames.In(folder).Where(name => !Utf8.IsValid(name))
        .GroupBy(Encoding.UTF8.GetString, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => new Queue<byte[]>(group.OrderBy(Convert.ToHexString, StringComparer.Ordinal)), StringComparer.Ordinal);

    /// <summary>A path that was given on the command line, as it was given; null where it is UTF-8, or that cannot be found out.</summary>
    public static byte[]? OfArgument(string path)
    {
        const string own = "/proc/self/cmdline";
        if (!MayBe(path) || !File.Exists(own))
            return null;
        byte[] line = File.ReadAllBytes(own);
        for (int start = 0, end; start < line.Length; start = end + 1)
        {
            end = line.AsSpan(start).IndexOf((byte)0) is >= 0 and var length ? start + length : line.Length;
            ReadOnlySpan<byte> word = line.AsSpan(start..end);
            if (!Utf8.IsValid(word) && Encoding.UTF8.GetString(word) == path)
                return word.ToArray();
        }

        return null;
    }

    /// <summary>Why such a file is not taken, and how to rename it in a shell.</summary>
    public static string Reason(ReadOnlySpan<byte> path)
    {
        var word = new StringBuilder();
        foreach (byte one in path)
        {
            if (one is >= 0x20 and < 0x7F and not (byte)'\'' and not (byte)'\\')
                word.Append((char)one);
            else
                word.Append(CultureInfo.InvariantCulture, $"\\x{one:x2}");
        }

        return $"its name is not UTF-8, which is not supported; rename it: mv $'{word}' …";
    }
}
