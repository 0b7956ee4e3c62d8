using System.Diagnostics;
using System.Globalization;

namespace Unpress.Cli.Tests;

/// <summary>The command line as a process of its own, for what happens from outside: signals and sudden death.</summary>
internal sealed class ChildCommandLine : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly Task<string> _output, _error;
    private volatile string _soFar = "";

    public ChildCommandLine(params string[] arguments)
        : this([], arguments)
    {
    }

    private ChildCommandLine(string[] environment, string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "Unpress.Cli.dll");
        // A test run started in the background has SIGINT ignored, and children inherit that: env puts it right, and becomes the child.
        _process = Process.Start(new ProcessStartInfo("env", ["--default-signal=INT", .. environment, "dotnet", program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        (_output, _error) = (ReadOutputAsync(), _process.StandardError.ReadToEndAsync());
    }

    /// <summary>The whole lines that it has written until now.</summary>
    public string OutputSoFar => _soFar;

    /// <summary>What it has had of the processors.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it with some variables of the environment set.</summary>
    public static ChildCommandLine StartWith(string[] variables, string[] arguments) => new(variables, arguments);

    /// <summary>Runs to the end.</summary>
    public static CommandLineResult Run(params string[] arguments)
    {
        using var child = new ChildCommandLine(arguments);
        return child.End();
    }

    /// <summary>Runs to the end with one variable of the environment set: NAME=value.</summary>
    public static CommandLineResult RunWith(string variable, params string[] arguments) => RunWith([variable], arguments);

    /// <summary>Runs to the end with some variables of the environment set.</summary>
    public static CommandLineResult RunWith(string[] variables, params string[] arguments)
    {
        using var child = new ChildCommandLine(variables, arguments);
        return child.End();
    }

    /// <summary>Waits until something can be seen from outside.</summary>
    public void Await(Func<bool> sign)
    {
        var clock = Stopwatch.StartNew();
        while (!sign())
        {
            if (_process.HasExited || clock.Elapsed > Patience)
                Assert.Fail($"nothing happened: {End().Error}");
            Thread.Sleep(2);
        }
    }

    /// <summary>Ends it as kill -9 does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ctrl-C.</summary>
    public void Interrupt() => Signal("INT");

    /// <param name="name">INT, TERM and so on.</param>
    public void Signal(string name)
        => Process.Start("kill", [$"-{name}", _process.Id.ToString(CultureInfo.InvariantCulture)]).WaitForExit();

    public CommandLineResult End()
    {
        if (!_process.WaitForExit(Patience))
            Kill();
        return new(_process.ExitCode, _output.Result, _error.Result);
    }

    private async Task<string> ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            _soFar += line + "\n";
        return _soFar;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }
}
