using Unpress.Imaging.Processes;

namespace Unpress.Studio.Jobs;

/// <summary>A picture file that somebody sent, under a random name; gone when the last job that uses it is.</summary>
internal sealed class Upload
{
    private int _users;

    private Upload(string path, string name) => (Path, Name) = (path, name);

    public string Path { get; }

    /// <summary>As its owner calls it; never used as a path.</summary>
    public string Name { get; }

    /// <summary>Writes a stream to a new file. On any failure nothing is left.</summary>
    /// <param name="modified">The date of the file at its owner's; null for now.</param>
    public static async Task<Upload> ReceiveAsync(StudioFolder folder, Stream body, string? name, DateTimeOffset? modified, CancellationToken cancellation)
    {
        var upload = new Upload(folder.NewPath(), FileName.Shown(name));
        try
        {
            await using (var file = new FileStream(upload.Path, FileMode.CreateNew, FileAccess.Write))
                await body.CopyToAsync(file, cancellation);
            if (modified is { } date)
                File.SetLastWriteTimeUtc(upload.Path, date.UtcDateTime);
            return upload;
        }
        catch
        {
            StudioFolder.Delete(upload.Path);
            throw;
        }
    }

    public void Use() => Interlocked.Increment(ref _users);

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) <= 0)
            StudioFolder.Delete(Path);
    }
}

/// <summary>Names of files that come from strangers.</summary>
internal static class FileName
{
    private const int Longest = 120;

    /// <summary>The last part of a path, of either system, without control characters; "picture" where nothing is left.</summary>
    public static string Shown(string? name)
    {
        string last = (name ?? "").Split('/', '\\')[^1];
        string plain = new([.. last.Where(letter => !char.IsControl(letter) && letter is not ('"' or '<' or '>' or ':' or '|' or '?' or '*'))]);
        plain = plain.Trim(' ', '.');
        if (plain.Length > Longest)
        {
            string end = System.IO.Path.GetExtension(plain);
            plain = end.Length is > 0 and <= 8 ? plain[..(Longest - end.Length)] + end : plain[..Longest];
        }

        return plain.Length == 0 ? "picture" : plain;
    }

    /// <summary>What a result of it is called: photo.jpg becomes photo.unpress.png.</summary>
    public static string OfResult(string name, string extension) => System.IO.Path.GetFileNameWithoutExtension(name) + ".unpress" + extension;
}

/// <summary>
/// The folder of one studio's temporary files, closed to other users. It goes with the studio; what one leaves that was killed is removed by the next
/// process that makes such a folder.
/// </summary>
internal sealed class StudioFolder : IDisposable
{
    private readonly ScratchFolder _folder = new();

    /// <summary>A random name where no file is yet.</summary>
    public string NewPath(string extension = "") => _folder.Combine(Guid.NewGuid().ToString("N") + extension);

    public string Location => Path.GetDirectoryName(_folder.Combine("x"))!;

    public void Dispose()
    {
        try
        {
            _folder.Dispose();
        }
        catch (IOException)
        {
            // A download that was still being read, on a system that keeps open files.
        }
    }

    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It goes with the folder.
        }
    }
}
