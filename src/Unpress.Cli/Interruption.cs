using System.Runtime.InteropServices;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Torch.Weights;

namespace Unpress.Cli;

/// <summary>
/// Ctrl-C and SIGTERM. The command is asked to stop; one that is still inside a long operator when its time is over is ended from here, and a
/// second signal ends it at once. Results are there whole or not at all either way.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();
    private readonly ManualResetEventSlim _ended = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;
    private int _last;
    private PosixSignal _signal;

    public Interruption()
        => _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, On), PosixSignalRegistration.Create(PosixSignal.SIGTERM, On)];

    /// <summary>How long a command that has been asked to stop may go on.</summary>
    public static TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>The exit code of the process whose command ended with <paramref name="code"/>. After a signal it does not return.</summary>
    public int End(int code)
    {
        _ended.Set();
        if (code == ExitCodes.Cancelled && Volatile.Read(ref _signals) > 0)
            Quit(forced: false);
        return code;
    }

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
    }

    // Each signal comes on a thread of its own.
    private void On(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
        {
            Quit(forced: true);
            return;
        }

        _signal = context.Signal;
        // On another thread: whatever listens to the token must not hold up the clock.
        new Thread(_cancellation.Cancel) { IsBackground = true }.Start();
        if (!_ended.Wait(Grace))
            Quit(forced: true);
    }

    // An ordinary exit would run the engines' destructors under the threads that still compute, and some do even where the command has ended.
    private void Quit(bool forced)
    {
        if (Interlocked.Exchange(ref _last, 1) != 0)
            Thread.Sleep(Timeout.Infinite); // another thread is at it
        bool terminated = _signal == PosixSignal.SIGTERM;
        Say($"unpress: stopped by {(terminated ? "SIGTERM" : "Ctrl-C")}", showCursor: forced);
        WholeFile.DiscardUnfinished();
        Leftovers.Remove();
        NativeExit.Quit(terminated ? ExitCodes.Terminated : ExitCodes.Cancelled);
    }

    // A reader that takes nothing any more must not keep the process.
    private static void Say(string line, bool showCursor)
    {
        string before = showCursor && !Console.IsErrorRedirected ? "\e[?25h\n" : ""; // bars hide it
        var words = new Thread(() => Console.Error.WriteLine(before + line)) { IsBackground = true };
        words.Start();
        words.Join(TimeSpan.FromMilliseconds(200));
    }
}
