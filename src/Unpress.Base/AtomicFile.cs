using System.Collections.Concurrent;

namespace Unpress;

/// <summary>Files that are there whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>
    /// Lets <paramref name="write"/> fill a new file in the same folder, flushes it to the disk and renames it to
    /// <paramref name="path"/>. On any failure nothing is left behind and an existing file stays.
    /// </summary>
    /// <param name="write">Gets the temporary path, where no file exists yet.</param>
    /// <param name="replace">False: a file that is there in the end stays, and this is a failure.</param>
    /// <exception cref="InvalidFileException">The folder is missing or not writable, the disk is full, or the writer refused.</exception>
    public static void Write(string path, Action<string> write, bool replace = true)
    {
        string full = Path.GetFullPath(path);
        // The rename would replace a device such as /dev/null by a plain file, for everybody on the machine.
        if (IsDevice(full))
            throw new InvalidFileException(path, "is a device, not a file; name a file to write to", fault: FailureCode.CannotWrite);
        string temporary = Debris.NewFile(Path.GetDirectoryName(full)!);
        Leftovers.AddFile(temporary);
        try
        {
            write(temporary);
            using (var file = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }
            if (replace)
                File.Move(temporary, full, overwrite: true);
            else if (!NativeRename.IfFree(temporary, full))
                throw new InvalidFileException(path, TakenReason, fault: FailureCode.Exists);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or (UnpressException and not FileException))
        {
            throw new InvalidFileException(path, $"cannot be written: {Reason(full, e)}", e, fault: FailureCode.CannotWrite);
        }
        finally
        {
            Discard(temporary);
        }
    }

    /// <summary>Why a result that must not replace anything was not written.</summary>
    public const string TakenReason = "exists already; --overwrite replaces it";

    /// <summary>As <see cref="Write(string, Action{string}, bool)"/>, for what writes to a stream.</summary>
    /// <exception cref="InvalidFileException">The folder is missing or not writable, or the disk is full.</exception>
    public static void WriteStream(string path, Action<FileStream> write) => Write(path, temporary =>
    {
        using var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.ReadWrite);
        write(stream);
    });

    /// <summary>Something below /dev that is no file; for a path from the root.</summary>
    public static bool IsDevice(string path) =>
        path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal);

    /// <summary>Makes the folder of a file that is to be written, and those above it.</summary>
    /// <exception cref="InvalidFileException">It cannot be made: a file is in its way, or the place is closed to us.</exception>
    public static void CreateFolderOf(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e is IOException && File.Exists(SystemFault.PathOf(e)) ? "a file is in its way" : SystemFault.Reason(e);
            throw new InvalidFileException(path, $"its folder cannot be made: {reason}", e, fault: FailureCode.CannotWrite);
        }
    }

    private static string Reason(string path, Exception e) => e switch
    {
        _ when Directory.Exists(path) => "a folder has this name",
        _ when !Directory.Exists(Path.GetDirectoryName(path)) => "its folder does not exist",
        IOException or UnauthorizedAccessException => SystemFault.Reason(e),
        _ => e.Message,
    };

    /// <summary>After the rename there is nothing to delete; an error here must not hide the one that led here.</summary>
    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }

        Leftovers.Forget(temporary);
    }
}

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

    public static void AddFile(string path) => Present[path] = File.Delete;

    public static void AddFolder(string path) => Present[path] = folder => Directory.Delete(folder, recursive: true);

    /// <summary>It is gone, or has become a result.</summary>
    public static void Forget(string path) => Present.TryRemove(path, out _);
}
