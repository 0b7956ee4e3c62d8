using System.Diagnostics;

namespace Unpress.Inference.Jobs;

/// <summary>A file for one process at a time.</summary>
internal static class LockedFile
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Opened for reading and writing, and made where it is not there; waits while another process has it.</summary>
    /// <exception cref="IOException">It cannot be opened, or another process does not let go of it.</exception>
    public static FileStream Open(string path)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
            }
            catch (IOException error) when (IsTaken(error) && clock.Elapsed < Patience)
            {
                Thread.Sleep(Random.Shared.Next(1, 5));
            }
        }
    }

    /// <summary>Linux, macOS, Windows.</summary>
    private static bool IsTaken(IOException error) => (error.HResult & 0xFFFF) is 11 or 35 or 32;
}
