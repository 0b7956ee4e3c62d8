using System.CommandLine;
using Spectre.Console;

namespace Unpress.Cli.Commands.Lab;

/// <summary>A progress bar on standard error, where that is a terminal, around work that finds out itself how many steps it has.</summary>
internal static class LabProgress
{
    /// <param name="work">Gets an action to call after each step, from any thread, with the number of all steps.</param>
    public static T Run<T>(ParseResult parsed, string title, Func<Action<int>, T> work)
    {
        var error = new AnsiConsoleOutput(parsed.InvocationConfiguration.Error);
        if (!error.IsTerminal)
            return work(_ => { });
        return AnsiConsole.Create(new AnsiConsoleSettings { Out = error })
            .Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var task = progress.AddTask(Markup.Escape(title));
                return work(steps =>
                {
                    task.MaxValue = steps;
                    task.Increment(1);
                });
            });
    }
}
