using Unpress.Imaging.Formats;

namespace Unpress.Files;

/// <summary>The pictures and the folders of one folder, by name, as a walk over a tree takes them.</summary>
/// <param name="Pictures">
/// Files whose first bytes or whose extension are a picture's, so that a damaged picture is named when it fails, not passed over. Without hidden
/// files, pipes, devices, and what <see cref="SystemFiles"/> knows.
/// </param>
/// <param name="Others">The other files of a person: not hidden, and nothing that <see cref="SystemFiles"/> knows.</param>
/// <param name="Folders">Without hidden ones and those of <see cref="SystemFiles"/>.</param>
internal sealed record FolderListing(IReadOnlyList<string> Pictures, IReadOnlyList<string> Others, IReadOnlyList<string> Folders)
{
    private static readonly EnumerationOptions Visible = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.Hidden };

    /// <param name="below">Whether the folders are wanted, too.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public static FolderListing Of(string folder, bool below)
    {
        string[] files = Directory.GetFiles(folder, "*", Visible);
        Array.Sort(files, StringComparer.Ordinal);
        string[] folders = below ? Directory.GetDirectories(folder, "*", Visible) : [];
        Array.Sort(folders, StringComparer.Ordinal);
        var kinds = files.Where(file => !SystemFiles.IsFile(Path.GetFileName(file.AsSpan())) && NativeFileKind.IsOrdinary(file)).ToLookup(IsPicture);
        return new FolderListing(
            [.. kinds[true]], [.. kinds[false]],
            [.. folders.Where(one => !SystemFiles.IsFolder(Path.GetFileName(one.AsSpan())))]);
    }

    /// <summary>Why a folder cannot be listed.</summary>
    /// <param name="error">Null for the usual reason, which is a lack of permission.</param>
    public static string Reason(string folder, Exception? error = null)
        => folder.Contains('\uFFFD', StringComparison.Ordinal) ? "its name is not UTF-8, which is not supported; rename it"
            : error is IOException ? $"the folder cannot be read: {SystemFault.Reason(error)}" : "no permission to read this folder";

    /// <summary>Where a folder really is.</summary>
    public static string Real(string folder)
    {
        try
        {
            return RealPath.Of(folder);
        }
        catch (IOException)
        {
            return Path.GetFullPath(folder); // in a circle: who looks into it says so
        }
    }

    private static bool IsPicture(string path)
    {
        if (ImageFormats.FromExtension(path) is not null)
            return true;
        try
        {
            var head = new byte[ImageFormats.SignatureLength];
            using var file = File.OpenRead(path);
            return ImageFormats.Detect(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false))) is not null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false; // neither its name nor its bytes say that it is one
        }
    }
}

/// <summary>
/// What file managers, cameras, photo programs and network disks lay beside pictures, some of it pictures themselves: thumbnails and forks of other
/// files. A walk passes over them; who names one gets it.
/// </summary>
internal static class SystemFiles
{
    /// <summary>Thumbnails of Synology and QNAP, waste bins, snapshots, what archives of macOS bring along.</summary>
    private static readonly string[] Folders =
        ["@eaDir", "@Recycle", "@Recently-Snapshot", "#recycle", "#snapshot", "$RECYCLE.BIN", "System Volume Information", "__MACOSX", "lost+found"];

    private static readonly string[] Names = ["Thumbs.db", "ehthumbs.db", "desktop.ini"];

    /// <summary>Notes of cameras and photo programs about a picture or a video of the same name; .thm is a JPEG.</summary>
    private static readonly string[] Sidecars = [".xmp", ".aae", ".thm", ".pp3", ".dop", ".cos", ".on1", ".json"];

    public static bool IsFolder(ReadOnlySpan<char> name) => IsOneOf(name, Folders);

    public static bool IsFile(ReadOnlySpan<char> name)
        => name.StartsWith("._") || IsOneOf(name, Names) || IsOneOf(Path.GetExtension(name), Sidecars);

    private static bool IsOneOf(ReadOnlySpan<char> name, string[] list)
    {
        foreach (string one in list)
        {
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
