using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Workers;

/// <summary>One worker as its owner sees it. For one request at a time; after a failure of the process itself it is of no more use.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly ScratchFolder _temporary = new();
    private readonly WireReader _answers;
    private readonly WireWriter _requests;
    private bool _greeted;

    /// <exception cref="ProcessFailedException">It cannot be started.</exception>
    public WorkerProcess(WorkerOptions options)
    {
        var start = new ProcessStartInfo(options.Command[0], options.Command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        string memory = options.Memory.ToString(CultureInfo.InvariantCulture);
        start.Environment[WorkerHost.MemoryVariable] = memory;
        // Hexadecimal, as the runtime wants it.
        start.Environment["DOTNET_GCHeapHardLimit"] = options.Memory.ToString("x", CultureInfo.InvariantCulture);
        start.Environment["DOTNET_gcConcurrent"] = "0";
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        // What it and the programs it starts leave behind when they die goes with this folder.
        start.Environment["TMPDIR"] = start.Environment["TMP"] = start.Environment["TEMP"] = _temporary.Path;
        _process = new Process { StartInfo = start };
        try
        {
            _process.Start();
        }
        catch (Win32Exception error)
        {
            _temporary.Dispose();
            string reason = ProgramFinder.Refusal(options.Command[0], error);
            throw new ProcessFailedException($"no worker can be started ({reason}); --isolate off reads and writes pictures without one");
        }
        _process.ErrorDataReceived += (_, _) => { }; // what libraries mutter; a full pipe would stop them
        _process.BeginErrorReadLine();
        _answers = new WireReader(new BufferedStream(_process.StandardOutput.BaseStream, 1 << 16));
        _requests = new WireWriter(new BufferedStream(_process.StandardInput.BaseStream, 1 << 16));
    }

    /// <summary>One request, and what <paramref name="read"/> makes of the answer.</summary>
    /// <exception cref="WorkerDiedException">It ended, took too long, or spoke nonsense; it is killed.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; it is killed.</exception>
    public T Ask<T>(WorkerRequest request, Func<WireReader, T> read, TimeSpan limit, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(limit);
        using var killing = timer.Token.Register(Kill);
        try
        {
            if (!_greeted && _answers.Number() != WorkerHost.Greeting)
                throw new InvalidDataException("the program is no worker");
            _greeted = true;
            request.Write(_requests);
            _requests.Flush();
            return read(_answers);
        }
        catch (Exception e) when (e is EndOfStreamException or IOException or InvalidDataException or ObjectDisposedException)
        {
            Kill();
            _process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            throw timer.IsCancellationRequested
                ? new WorkerDiedException($"took longer than {limit.TotalSeconds:0.#} s (--time-limit)", FailureCode.TimeLimit, started: true)
                : new WorkerDiedException(Reason(e), FailureCode.Crashed, _greeted);
        }
        catch (OperationCanceledException)
        {
            Kill();
            throw;
        }
    }

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close(); // on which it ends by itself
            if (!_process.WaitForExit(TimeSpan.FromSeconds(2)))
                Kill();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            Kill();
        }
        _process.Dispose();
        _temporary.Dispose();
    }

    private string Reason(Exception error) => _process.ExitCode switch
    {
        _ when error is InvalidDataException => $"its decoder gave nonsense ({error.Message})",
        137 => "its decoder was killed, perhaps for the memory that it took (--memory)",
        > 128 and var code => $"its decoder or encoder crashed (signal {code - 128})",
        var code => $"its decoder or encoder ended early (code {code})",
    };

    private void Kill()
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It has ended, and so have its children, or will when their pipes break.
        }
    }
}

/// <summary>A worker is gone; the message says why, of the picture it had.</summary>
/// <param name="started">Whether it had worked at all.</param>
internal sealed class WorkerDiedException(string message, FailureCode fault, bool started) : Exception(message)
{
    public FailureCode Fault { get; } = fault;

    public bool Started { get; } = started;
}
