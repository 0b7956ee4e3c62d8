using System.CommandLine;
using Unpress.Inference.Jobs;

namespace Unpress.Cli.Commands.Merge;

/// <summary><c>unpress merge OUT</c>: joins what the parts of a shared job have left.</summary>
public static class MergeCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("out") { Description = "The folder of results that the parts share." };
        var failures = new Option<string>("--failures") { Description = "Join the parts' lists of failures, too: the file that each was given.", HelpName = "FILE" };
        var command = new Command("merge", "Join the journals of the parts of a shared job, when all of them have ended.") { folder, failures };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var count = JournalMerge.Merge(parsed.GetRequiredValue(folder), cancellation);
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
            "unpress merge restored --failures failed.txt # from failed.1-of-8.txt and so on");
    }
}
