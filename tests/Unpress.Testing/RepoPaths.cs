namespace Unpress.Testing;

/// <summary>Where things are in the repository that the running tests were built from.</summary>
public static class RepoPaths
{
    /// <summary>The folder that holds <c>Unpress.slnx</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>An absolute path from parts relative to <see cref="Root"/>; need not exist.</summary>
    public static string Combine(params string[] parts) => Path.Combine([Root, .. parts]);

    // Tests run from a bin folder deep inside the repository, never from the caller's directory.
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Unpress.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"no Unpress.slnx above {AppContext.BaseDirectory}");
    }
}
