using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Unpress.DataSets;
using Unpress.Imaging.Codecs;

namespace Unpress.Cli.Commands.Data;

/// <summary><c>unpress data prepare SET FOLDER</c>: lays out and checks what was downloaded.</summary>
internal static class PrepareCommand
{
    private const string Own = "folder";

    public static Command Create()
    {
        string[] published = [.. KnownSet.All.Select(known => known.Name)];
        var set = new Argument<string>("set")
        {
            HelpName = "set",
            Description = $"A published set ({string.Join(", ", published)}), or '{Own}' for your own pictures.",
        };
        set.AcceptOnlyFromAmong([.. published, Own]);
        var from = new Argument<string>("from") { Description = "Folder with the downloaded and unpacked set; nothing in it is changed." };
        var output = new Option<string>("--output", "-o") { Description = "Folder for the prepared set.", Required = true };
        var mirror = new Option<string[]>("--mirror")
        {
            Description = "Also compress all pictures: --mirror jpeg:10,20,30,40; may be repeated.",
            HelpName = "CODEC:LIST",
        };
        var against = new Option<string[]>("--against") { Description = "Report pictures that are also in this folder; may be repeated." };
        var command = new Command("prepare", "Prepare a set of pictures: sort it into its splits, check names, counts and hashes, compress it, and find pictures that are in two places.")
        {
            set, from, output, mirror, against,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var options = new PrepareOptions
            {
                Set = KnownSet.All.FirstOrDefault(known => known.Name == parsed.GetRequiredValue(set)),
                From = parsed.GetRequiredValue(from),
                Output = parsed.GetRequiredValue(output),
                Mirrors = [.. (parsed.GetValue(mirror) ?? []).SelectMany(Mirrors)],
                Against = parsed.GetValue(against) ?? [],
            };
            var prepared = new PrepareJob(options).Run(cancellation);
            Print(ResultConsole.For(parsed), prepared);
            foreach (string fault in prepared.Faults)
                parsed.InvocationConfiguration.Error.WriteLine($"unpress: {fault}");
            return prepared.Faults.Count > 0 ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            "unpress data prepare live1 downloads/live1 -o sets");
    }

    private static void Print(IAnsiConsole console, PreparedSet prepared)
    {
        console.MarkupLineInterpolated($"{prepared.Set}: {prepared.Source}");
        foreach (var split in prepared.Pictures.GroupBy(picture => picture.Split))
            console.MarkupLineInterpolated($"  {split.Key}: {CountText.Pictures(split.Count())}");
        foreach (var mirror in prepared.Mirrors)
            console.MarkupLineInterpolated($"  {mirror.Codec} {mirror.Quality}: {mirror.Encoder}");
        foreach (var overlap in prepared.Overlaps)
            console.MarkupLineInterpolated($"  [yellow]{(overlap.Exact ? "the same" : "nearly the same")}[/]: {overlap.First} and {overlap.Second}");
    }

    private static IEnumerable<(ICodec, int)> Mirrors(string text)
    {
        string[] parts = text.Split(':', 2);
        var codec = CodecList.Find(parts[0]);
        if (parts.Length < 2)
            throw new ArgumentException($"--mirror {text}: give codec and qualities, such as jpeg:10,20");
        foreach (string word in parts[1].Split(','))
        {
            yield return int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out int quality)
                && quality >= codec.MinQuality && quality <= codec.MaxQuality
                ? (codec, quality)
                : throw new ArgumentException($"--mirror {text}: {codec.Name} takes {codec.QualityName}, not '{word}'");
        }
    }
}

/// <summary><c>unpress data</c>: sets of pictures.</summary>
public static class DataCommand
{
    public static Command Create() => new("data", "Lay out and check sets of pictures.") { PrepareCommand.Create() };
}
