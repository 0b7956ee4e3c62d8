using System.Collections.Concurrent;

namespace Unpress.Torch.Weights;

/// <summary>Weight files are there whole or not at all.</summary>
public static class WholeFile
{
    private static readonly ConcurrentDictionary<string, bool> Unfinished = new(StringComparer.Ordinal);

    /// <summary>Deletes what is only half written now. Writing it fails then: only for the moment before the process ends.</summary>
    public static void DiscardUnfinished()
    {
        foreach (string temporary in Unfinished.Keys)
            File.Delete(temporary);
    }

    /// <summary>Lets <paramref name="write"/> fill a file, which gets its name when it is complete and on the disk.</summary>
    internal static void Write(string path, Action<FileStream> write)
    {
        // In the same folder, so that the rename stays on one file system.
        string temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        Unfinished[temporary] = true;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception error)
        {
            bool folder = Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)));
            if (folder)
                File.Delete(temporary);
            if (error is not (IOException or UnauthorizedAccessException))
                throw;
            // Its own message names the temporary file.
            string reason = !folder ? "its folder does not exist" : Directory.Exists(path) ? "a folder has this name" : error is UnauthorizedAccessException ? "no permission" : error.Message;
            throw new IOException($"{path}: cannot be written: {reason}", error);
        }
        finally
        {
            Unfinished.TryRemove(temporary, out _);
        }
    }
}
