using System.Collections.Concurrent;

namespace Unpress.Imaging;

/// <summary>Temporary files and folders that exist at this moment. Each is removed by who made it; a process that ends at once does it here.</summary>
public static class Leftovers
{
    private static readonly ConcurrentDictionary<string, Action<string>> Present = new(StringComparer.Ordinal);

    /// <summary>Removes them all. Whatever is being written fails or vanishes: only for the moment before the process ends.</summary>
    public static void Remove()
    {
        foreach (var (path, remove) in Present)
        {
            try
            {
                remove(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The others shall go all the same.
            }
        }
    }

    internal static void AddFile(string path) => Present[path] = File.Delete;

    internal static void AddFolder(string path) => Present[path] = folder => Directory.Delete(folder, recursive: true);

    /// <summary>It is gone, or has become a result.</summary>
    internal static void Forget(string path) => Present.TryRemove(path, out _);
}
