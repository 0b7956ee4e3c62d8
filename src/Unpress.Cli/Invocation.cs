using System.CommandLine;
using System.CommandLine.Invocation;
using System.Runtime.InteropServices;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Networks.Export;
using Unpress.Onnx;
using Unpress.Recipes;
using Unpress.Torch.Weights;
using Unpress.Training;

namespace Unpress.Cli;

/// <summary>Runs a parsed command line and turns what went wrong into one line, of a recipe one a fault, and an exit code.</summary>
public static class Invocation
{
    /// <returns>The command's own code, or one of <see cref="ExitCodes"/>.</returns>
    public static int Run(ParseResult parsed, InvocationConfiguration? configuration = null, CancellationToken cancellation = default)
    {
        configuration ??= new InvocationConfiguration();
        configuration.EnableDefaultExceptionHandler = false;
        configuration.ProcessTerminationTimeout = null; // signals are the business of Interruption
        bool wantsHelp = parsed.Action is not ParseErrorAction && parsed.Action != parsed.CommandResult.Command.Action;
        string? fault = Mistyped.Fault(parsed);
        if (parsed.Action is ParseErrorAction || (fault is not null && !wantsHelp))
        {
            foreach (string message in fault is not null ? [fault] : parsed.Errors.Select(error => error.Message).Distinct())
                configuration.Error.WriteLine($"unpress: {Printable.Of(message)}");
            configuration.Error.WriteLine($"unpress: see  {CommandPath(parsed.CommandResult.Command)} --help");
            return ExitCodes.Usage;
        }

        LimitOptions.Apply(parsed);
        try
        {
            using var telemetry = TelemetryExport.Start();
            return parsed.InvokeAsync(configuration, cancellation).GetAwaiter().GetResult();
        }
        catch (Exception thrown) when (Known(thrown) is { } problem)
        {
            int code = CodeOf(problem)!.Value;
            if (code == ExitCodes.Cancelled)
                return code;
            IReadOnlyList<string> lines = problem is RecipeException recipe ? recipe.Faults : [LineOf(problem)];
            foreach (string line in lines)
                configuration.Error.WriteLine($"unpress: {Printable.Of(line.ReplaceLineEndings(" "))}");
            return code;
        }
    }

    // What names no file was written to standard output: files that are read or written have names.
    private static string LineOf(Exception problem) => problem switch
    {
        IOException when SystemFault.PathOf(problem) is null && SystemFault.IsOfSystem(problem) => $"standard output: {SystemFault.Reason(problem)}",
        UnauthorizedAccessException { InnerException: IOException } when SystemFault.PathOf(problem) is null => "standard output: is closed",
        _ => UnpressException.Line(problem) ?? problem.Message,
    };

    // The outermost problem we know: it names the file, its causes do not, and wrappers such as AggregateException say nothing.
    private static Exception? Known(Exception? problem)
    {
        while (problem is not null && CodeOf(problem) is null)
            problem = problem.InnerException;
        return problem;
    }

    // Anything else is a defect of ours: its stack trace is what we need to see.
    private static int? CodeOf(Exception problem) => problem switch
    {
        OperationCanceledException => ExitCodes.Cancelled,
        MissingToolException or DllNotFoundException => ExitCodes.Environment,
        ArgumentException or RecipeException => ExitCodes.Usage,
        UnpressException or IOException or UnauthorizedAccessException => ExitCodes.SomeInputsFailed,
        _ => null,
    };

    private static string CommandPath(Command command)
    {
        string name = command.Name;
        for (Command? parent = Parent(command); parent is not null; parent = Parent(parent))
            name = $"{parent.Name} {name}";
        return name;
    }

    private static Command? Parent(Command command) => command.Parents.OfType<Command>().FirstOrDefault();
}

/// <summary>What the program's exit code says to scripts; the same list is in README.md.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>Some inputs failed; the others are done.</summary>
    public const int SomeInputsFailed = 1;

    /// <summary>The command line could not be understood.</summary>
    public const int Usage = 2;

    /// <summary>This machine lacks something: a library, a model, memory.</summary>
    public const int Environment = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>SIGTERM.</summary>
    public const int Terminated = 143;
}

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
        Leftovers.Remove();
        NativeExit.Quit(terminated ? ExitCodes.Terminated : ExitCodes.Cancelled);
    }

    // A reader that takes nothing any more must not keep the process.
    private static void Say(string line, bool showCursor)
    {
        string before = showCursor && !Console.IsErrorRedirected ? "\e[?25h\n" : ""; // bars hide it
        var words = new Thread(() => Console.Error.Write($"{before}{line}\n")) { IsBackground = true };
        words.Start();
        words.Join(TimeSpan.FromMilliseconds(200));
    }
}
