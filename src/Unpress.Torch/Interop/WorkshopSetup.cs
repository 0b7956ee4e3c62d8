using System.Diagnostics;

namespace Unpress.Torch.Interop;

/// <summary>
/// Lets the launcher of a checkout build what leads to libtorch, when it is needed first: restoring pictures does not need it, and most people do
/// nothing else. What is built already costs the launcher some milliseconds; a change of its sources builds it again.
/// </summary>
internal static class WorkshopSetup
{
    /// <summary>The launcher's path, which it leaves here for the program that it starts; unset where there is none.</summary>
    private const string Variable = "UNPRESS_LAUNCHER";

    private static readonly Lock OneAtATime = new();
    private static bool _done;

    /// <exception cref="DllNotFoundException">The launcher could not; it has said why on standard error.</exception>
    public static void Run()
    {
        lock (OneAtATime)
        {
            // Whoever names a folder of libraries has them.
            bool given = Environment.GetEnvironmentVariable("UNPRESS_NATIVE_DIR") is { Length: > 0 };
            if (_done || given || Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } launcher)
                return;
            // Its words are on standard error; standard output is the command's.
            var start = new ProcessStartInfo("bash") { RedirectStandardOutput = true };
            start.ArgumentList.Add(launcher);
            start.ArgumentList.Add("set-up-workshop");
            using var child = Process.Start(start) ?? throw new DllNotFoundException($"{launcher} could not be started");
            child.StandardOutput.ReadToEnd();
            child.WaitForExit();
            if (child.ExitCode != 0)
                throw new DllNotFoundException("libtorch, which this needs, could not be set up");
            _done = true;
        }
    }
}
