using Unpress.Imaging.Formats;

namespace Unpress.Imaging;

/// <summary>Reads whole files, turning what the system says into one clear line.</summary>
internal static class FileBytes
{
    /// <summary>More than any picture within the pixel limits takes; read before it is known to be a picture, so bounded.</summary>
    internal const long MaxBytes = 2_000_000_000;

    /// <summary>As much as the picture in its header can need.</summary>
    public static byte[] Read(string path, ImageFormat format, ImageLimits limits) =>
        Open(path, file => PictureExtent.Read(file, _ => format, path, limits));

    public static byte[] Read(string path) => Open(path, file =>
    {
        if (file.CanSeek && file.Length > MaxBytes)
            throw new InvalidFileException(path, "larger than 2 GB");
        return Read(file, path);
    });

    /// <summary>The first bytes, fewer when the file is shorter.</summary>
    public static byte[] ReadHead(string path, int count) => Open(path, file =>
    {
        var head = new byte[count];
        return head[..file.ReadAtLeast(head, count, throwOnEndOfStream: false)];
    });

    /// <exception cref="InvalidFileException">Missing or unreadable.</exception>
    public static T Open<T>(string path, Func<FileStream, T> read)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            return read(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, Reason(path, e), e, KindOf(path, e));
        }
    }

    public static byte[] Read(Stream stream, string name)
    {
        using var memory = stream.CanSeek ? new MemoryStream((int)Math.Min(stream.Length - stream.Position, MaxBytes)) : new MemoryStream();
        var buffer = new byte[81920];
        for (int count; (count = stream.Read(buffer)) > 0;)
        {
            if (memory.Length + count > MaxBytes)
                throw new InvalidFileException(name, "larger than 2 GB");
            memory.Write(buffer, 0, count);
        }
        return memory.Length == memory.Capacity ? memory.GetBuffer() : memory.ToArray();
    }

    private static FailureCode KindOf(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException when path.Contains('\uFFFD', StringComparison.Ordinal) => FailureCode.Name,
        FileNotFoundException or DirectoryNotFoundException => FailureCode.Missing,
        UnauthorizedAccessException => FailureCode.NoPermission,
        _ => FailureCode.Unusable,
    };

    private static string Reason(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => path.Contains('\uFFFD', StringComparison.Ordinal)
            ? "its name is not UTF-8, which is not supported; rename it"
            : "no such file",
        _ when Directory.Exists(path) => "is a folder, not a picture",
        UnauthorizedAccessException => "no permission to read it",
        _ => SystemFault.Reason(e),
    };
}
