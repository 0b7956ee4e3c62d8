using System.CommandLine;
using Unpress.Inference.Jobs;
using Unpress.Lab.Results;

namespace Unpress.Cli.Commands.Merge;

/// <summary><c>unpress merge OUT</c>: joins what the parts of a shared job have left, be it the restoring of pictures or an experiment.</summary>
public static class MergeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("out") { Description = "The folder of results that the parts share; of an experiment, the folder whose parts are OUT.1-of-8 and so on." };
        var failures = new Option<string>("--failures") { Description = "Join the parts' lists of failures, too: the file that each was given.", HelpName = "FILE" };
        var command = new Command("merge", "Join what the parts of a shared job have left, when all of them have ended.") { folder, failures };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var output = parsed.InvocationConfiguration.Output;
            string whole = parsed.GetRequiredValue(folder);
            if (LabMerge.PartsOf(whole).Count > 0)
                return MergeExperiment(whole, output, cancellation);
            var count = JournalMerge.Merge(whole, cancellation);
            output.WriteLine(count.Journals == 0
                ? "no journals of parts: nothing to join"
                : $"{CountText.Pictures(count.Results)} in {count.Folders} {(count.Folders == 1 ? "folder" : "folders")}, {count.Journals} journals joined");
            if (count.Twice > 0)
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {CountText.Pictures(count.Twice)} made by two parts: they were parts of different jobs, as 1/4 and 1/8");
            if (parsed.GetValue(failures) is { } list)
                output.WriteLine($"{list}: joined from {string.Join(", ", JournalMerge.MergeFailures(list).Select(Path.GetFileName))}");
            return ExitCodes.Ok;
        }));
        return command.WithExamples(
            "unpress merge restored",
            "unpress merge restored --failures failed.txt # from failed.1-of-8.txt and so on",
            "unpress merge runs/lab/results # from runs/lab/results.1-of-8 and so on");
    }

    private static int MergeExperiment(string folder, TextWriter output, CancellationToken cancellation)
    {
        var count = LabMerge.Merge(folder, cancellation);
        output.WriteLine($"{count.Figures:N0} figures of {count.Parts} parts joined in {Printable.Of(folder)}; run the experiment on it for what only the whole set has");
        foreach (string part in count.Unfinished)
            output.WriteLine($"{Printable.Of(part)} was stopped before its end: the experiment measures what it lacks");
        return ExitCodes.Ok;
    }
}
