using System.CommandLine;
using Spectre.Console;

namespace Unpress.Cli;

/// <summary>A progress bar on standard error, where that is a terminal, around work that counts its own steps.</summary>
internal static class LongTask
{
    /// <param name="work">Gets an action to call after each of the <paramref name="steps"/>, from any thread.</param>
    public static T Run<T>(ParseResult parsed, string title, int steps, Func<Action, T> work)
    {
        var error = new AnsiConsoleOutput(parsed.InvocationConfiguration.Error);
        if (!error.IsTerminal)
            return work(() => { });
        return AnsiConsole.Create(new AnsiConsoleSettings { Out = error })
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var task = progress.AddTask(Markup.Escape(title), maxValue: steps);
                return work(() => task.Increment(1));
            });
    }
}
