using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Unpress.Imaging.Processes;

/// <summary>
/// Runs a program to its end: bytes in on its standard input, bytes out from its standard output.
/// Whatever happens here — cancellation, time-out, an exception — the child does not outlive the call.
/// </summary>
public static class ChildProcess
{
    /// <summary>Bytes of standard output that are taken from a program, and of one that answers in a file.</summary>
    private const long MostOutput = 1L << 30, MostWords = 16 << 20;

    /// <summary>Letters of standard error that are kept: its end says why a program failed.</summary>
    private const int KeptErrors = 1 << 16;

    /// <summary>What a program has started may go on so long after its own end.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    /// <summary>Standard output of a program that ended with exit code 0.</summary>
    /// <param name="unknown">A program of the user's: it answers in a file, and what it has started ends with it.</param>
    /// <exception cref="ProcessFailedException">It could not start, ended with another code, or took longer than <paramref name="timeout"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller gave up; the child was killed.</exception>
    public static byte[] Run(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input, TimeSpan timeout, CancellationToken cancellation, bool unknown = false)
    {
        var result = Start(program, arguments, input, timeout, cancellation, unknown);
        return result.ExitCode == 0
            ? result.Output
            : throw new ProcessFailedException($"{Path.GetFileName(program)} ended with code {result.ExitCode}: {LastLine(result.Errors)}");
    }

    /// <summary>Exit code, standard output and standard error of a program, whatever the code is.</summary>
    public static ProcessResult Start(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input, TimeSpan timeout, CancellationToken cancellation, bool unknown = false) =>
        StartAsync(program, arguments, input, timeout, unknown, cancellation).GetAwaiter().GetResult();

    private static async Task<ProcessResult> StartAsync(
        string program, IEnumerable<string> arguments, ReadOnlyMemory<byte> input, TimeSpan timeout, bool unknown, CancellationToken cancellation)
    {
        string name = Path.GetFileName(program), mark = Guid.NewGuid().ToString("N");
        using var process = new Process { StartInfo = StartInfo(program, arguments, mark) };
        try
        {
            process.Start();
        }
        catch (Win32Exception error)
        {
            throw new ProcessFailedException(ProgramFinder.Refusal(program, error));
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        try
        {
            // All three pipes move at once: a child that blocks on a full one would never end.
            var output = ReadAllAsync(process.StandardOutput.BaseStream, unknown ? MostWords : MostOutput, name, limit.Token);
            var errors = ReadEndAsync(process.StandardError, limit.Token);
            var writing = WriteAllAsync(process.StandardInput.BaseStream, input, limit.Token);
            var pipes = Task.WhenAll(output, errors, writing);
            var end = process.WaitForExitAsync(limit.Token);
            // Too much output ends the wait as well.
            await Task.WhenAny(pipes, end, output).ConfigureAwait(false);
            if (output.IsFaulted)
                await output.ConfigureAwait(false);
            if (unknown && end.IsCompletedSuccessfully && await Task.WhenAny(pipes, Task.Delay(Grace, limit.Token)).ConfigureAwait(false) != pipes)
                Orphans.Kill(mark); // they hold the pipes
            await pipes.ConfigureAwait(false);
            await end.ConfigureAwait(false);
            return new ProcessResult(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            cancellation.ThrowIfCancellationRequested(); // with the caller's token, by which the caller knows it
            throw new ProcessFailedException($"{name} was stopped after {timeout.TotalSeconds:0} s without an answer");
        }
        finally
        {
            Kill(process);
            if (unknown)
                Orphans.Kill(mark);
        }
    }

    private static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments, string mark) => new(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
        CreateNoWindow = true,
        Environment = { [Orphans.Variable] = mark },
    };

    private static async Task<byte[]> ReadAllAsync(Stream stream, long most, string name, CancellationToken cancellation)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int count; (count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            if (bytes.Length + count > most)
                throw new ProcessFailedException($"{name} was stopped: it wrote more than {most >> 20} MB to standard output");
            bytes.Write(buffer, 0, count);
        }
        return bytes.ToArray();
    }

    /// <summary>The end of a text, however long it is.</summary>
    private static async Task<string> ReadEndAsync(StreamReader reader, CancellationToken cancellation)
    {
        var kept = new StringBuilder();
        var buffer = new char[4096];
        for (int count; (count = await reader.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            kept.Append(buffer, 0, count);
            if (kept.Length > 2 * KeptErrors)
                kept.Remove(0, kept.Length - KeptErrors);
        }
        return kept.ToString();
    }

    private static async Task WriteAllAsync(Stream stream, ReadOnlyMemory<byte> input, CancellationToken cancellation)
    {
        try
        {
            await using (stream.ConfigureAwait(false))
                await stream.WriteAsync(input, cancellation).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The child closed its input early; its exit code and its standard error say why.
        }
    }

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        catch (InvalidOperationException)
        {
            // It ended between the question and the kill.
        }
    }

    private static string LastLine(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 0 ? "it said nothing" : lines[^1];
    }
}

/// <summary>What a child process left: its exit code, the bytes of its standard output, the text of its standard error.</summary>
public sealed record ProcessResult(int ExitCode, byte[] Output, string Errors);

/// <summary>A child process that ended badly or ran out of time; the message is one line with its last words.</summary>
public sealed class ProcessFailedException(string message, Exception? inner = null) : UnpressException(message, inner);

/// <summary>A new folder of its own under the system's temporary one, gone with all in it when disposed.</summary>
public sealed class ScratchFolder : IDisposable
{
    private readonly string _path = Debris.NewFolder();

    public ScratchFolder() => Leftovers.AddFolder(_path);

    public string Path => _path;

    public string Combine(string name) => System.IO.Path.Combine(_path, name);

    public void Dispose()
    {
        Directory.Delete(_path, recursive: true);
        Leftovers.Forget(_path);
    }
}
