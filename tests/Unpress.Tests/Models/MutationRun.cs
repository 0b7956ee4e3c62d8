using System.Diagnostics;
using System.Globalization;

namespace Unpress.Tests.Models;

/// <summary>What became of mutations of a model file, in processes of their own: <see cref="MutationWorker"/>.</summary>
internal sealed class MutationRun
{
    /// <summary>None takes a tenth of it, unless it never ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _file;

    private MutationRun(string file) => _file = file;

    /// <summary>How many ended in which way.</summary>
    public SortedDictionary<string, int> Counts { get; } = new(StringComparer.Ordinal);

    /// <summary>One line for each that ended in a way that it must not: another exception, a crash of the process, no end.</summary>
    public List<string> Faults { get; } = [];

    public static MutationRun Of(string file, int first, int count)
    {
        var run = new MutationRun(file);
        for (int number = first; number < first + count;)
            number = run.From(number, first + count - number);
        return run;
    }

    public override string ToString() => string.Join(", ", Counts.Select(pair => $"{pair.Key} {pair.Value}"));

    /// <summary>Runs one process as far as it comes.</summary>
    /// <returns>The number to go on from.</returns>
    private int From(int first, int count)
    {
        // What mutations ask for may be more than this machine has: the process is limited, and the first to go where memory ends.
        string program = typeof(MutationRun).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("sh", [
            "-c", "echo 1000 > /proc/self/oom_score_adj; ulimit -d 3000000; ulimit -c 0; exec \"$@\"", "sh",
            "dotnet", program, _file, first.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        int number = first;
        while (true)
        {
            var line = process.StandardOutput.ReadLineAsync();
            if (!line.Wait(Patience))
            {
                process.Kill();
                return Fault("endless", $"no end after {Patience.TotalSeconds} s");
            }

            if (line.Result is not { } text)
                break;
            string[] parts = text.Split('\t', 3);
            number = int.Parse(parts[0], CultureInfo.InvariantCulture);
            if (parts[1] == "begun")
                continue;
            Count(parts[1]);
            if (parts[1] == "fault")
                Faults.Add($"mutation {number}: {parts[2]}");
            number++;
        }

        process.WaitForExit();
        return process.ExitCode == 0 ? number : Fault("crashed", $"the process ended with {process.ExitCode}: {error.Result.ReplaceLineEndings("\\n")}");

        int Fault(string kind, string text)
        {
            Count(kind);
            Faults.Add($"mutation {number}: {text}");
            return number + 1;
        }
    }

    private void Count(string kind) => Counts[kind] = Counts.GetValueOrDefault(kind) + 1;
}
