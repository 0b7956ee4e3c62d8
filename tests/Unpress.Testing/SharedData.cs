namespace Unpress.Testing;

/// <summary>
/// The reference pictures and weights that live beside the repository, in <c>../shared/data</c>, because their terms do not allow
/// them inside. Most machines have none of it: tests that need it are marked <see cref="SharedDataFactAttribute"/>.
/// </summary>
public static class SharedData
{
    /// <summary>The absolute path of the data, or null when this machine has none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>An absolute path inside <see cref="Folder"/>; call it only from tests that are skipped without the data.</summary>
    public static string Path(params string[] parts) => Folder is null
        ? throw new DirectoryNotFoundException("no ../shared/data: mark the test [SharedDataFact] or [SharedDataTheory]")
        : System.IO.Path.Combine([Folder, .. parts]);

    /// <summary>Why a test that needs <paramref name="relativePath"/> cannot run here, or null when it can.</summary>
    internal static string? ReasonToSkip(string relativePath)
    {
        if (Folder is null)
            return "needs ../shared/data, which is not on this machine";
        string wanted = System.IO.Path.Combine(Folder, relativePath);
        return System.IO.Path.Exists(wanted) ? null : $"needs ../shared/data/{relativePath}, which is not on this machine";
    }

    private static string? Find()
    {
        string folder = System.IO.Path.GetFullPath(RepoPaths.Combine("..", "shared", "data"));
        return Directory.Exists(folder) ? folder : null;
    }
}
