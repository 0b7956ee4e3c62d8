using System.Runtime.InteropServices;

namespace Unpress.Vision;

/// <summary>Where the libraries lie that C# calls.</summary>
internal static class NativeFolders
{
    /// <summary>Loads one of them from UNPRESS_NATIVE_DIR, the program's own folder, or the build folder of the checkout it lies in.</summary>
    /// <param name="library">Its name without prefix and extension.</param>
    /// <returns>0 where it is in none of them.</returns>
    public static nint Load(string library)
    {
        string file = OperatingSystem.IsWindows() ? $"{library}.dll" : OperatingSystem.IsMacOS() ? $"lib{library}.dylib" : $"lib{library}.so";
        string? path = All().Select(folder => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        return path is null ? 0 : NativeLibrary.Load(path);
    }

    private static IEnumerable<string> All()
    {
        if (Environment.GetEnvironmentVariable("UNPRESS_NATIVE_DIR") is { Length: > 0 } chosen)
            yield return chosen;
        yield return AppContext.BaseDirectory;
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            yield return Path.Combine(folder.FullName, ".build", "native");
    }
}
