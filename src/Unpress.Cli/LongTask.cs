using System.CommandLine;

namespace Unpress.Cli;

/// <summary>A progress bar on standard error, where that is a terminal, around work that counts its own steps.</summary>
internal static class LongTask
{
    /// <param name="work">Gets an action to call after each of the <paramref name="steps"/>, from any thread.</param>
    public static T Run<T>(ParseResult parsed, string title, int steps, Func<Action, T> work)
        => Screen.Show(parsed, screen =>
        {
            var bar = screen.Bar(title, steps);
            return work(() => bar?.Increment(1));
        });

    /// <param name="work">Finds out itself how many steps it has: gets an action to call after each step, from any thread, with the number
    /// of all steps.</param>
    public static T Run<T>(ParseResult parsed, string title, Func<Action<int>, T> work)
        => Screen.Show(parsed, screen =>
        {
            var bar = screen.Bar(title, 100);
            return work(steps =>
            {
                if (bar is null)
                    return;
                bar.MaxValue = steps;
                bar.Increment(1);
            });
        });
}
