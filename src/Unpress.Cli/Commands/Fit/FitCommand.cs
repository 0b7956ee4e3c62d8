using System.CommandLine;
using System.Globalization;
using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Fit;

/// <summary><c>unpress fit niqe|brisque FOLDER</c>: parameters of a metric from the user's own pictures.</summary>
public static class FitCommand
{
    public static Command Create() => new("fit", "Fit the parameters of NIQE or BRISQUE to your own undamaged pictures.") { Niqe(), Brisque() };

    private static Command Niqe()
    {
        var (folder, output) = Common();
        var command = new Command("niqe", "Compute the mean and covariance of the sharp blocks, for --metrics niqe=FILE.") { folder, output };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var fit = new NiqeFit();
            int code = Run(parsed, parsed.GetValue(folder)!, (_, image) => fit.Add(image), cancellation);
            Save(() => fit.Save(parsed.GetValue(output)!), parsed.GetValue(folder)!);
            parsed.InvocationConfiguration.Output.WriteLine($"{parsed.GetValue(output)}: {fit.Blocks} sharp blocks");
            return code;
        }));
        return command.WithLimits().WithExamples(
            "unpress fit niqe pristine -o niqe.npz");
    }

    private static Command Brisque()
    {
        var (folder, output) = Common();
        var scores = new Option<string?>("--scores")
        {
            Description = "Lines 'file,score' for pictures of any quality, lower is better; without it the pictures are damaged here and scored by SSIM.",
            HelpName = "CSV",
        };
        var command =
            new Command("brisque", "Fit a regression from a picture's statistics to its score, for --metrics brisque=FILE.") { folder, output, scores };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            var fit = new BrisqueFit();
            var known = parsed.GetValue(scores) is { } csv ? ReadScores(csv) : null;
            int code = Run(parsed, parsed.GetValue(folder)!, Add, cancellation);
            Save(() => fit.Save(parsed.GetValue(output)!), parsed.GetValue(folder)!);
            parsed.InvocationConfiguration.Output.WriteLine($"{parsed.GetValue(output)}: {fit.Samples} samples");
            return code;

            void Add(string name, ImageBuffer image)
            {
                if (known is null)
                    fit.AddPristine(image);
                else if (known.TryGetValue(name, out double score))
                    fit.Add(image, score);
            }
        }));
        return command.WithLimits().WithExamples(
            "unpress fit brisque pristine -o brisque.npz");
    }

    private static (Argument<string> Folder, Option<string> Output) Common() => (
        new Argument<string>("FOLDER") { Description = "Folder of undamaged pictures." },
        new Option<string>("--output", "-o") { Description = "The file to write.", HelpName = "FILE", Required = true });

    private static int Run(ParseResult parsed, string folder, Action<string, ImageBuffer> add, CancellationToken cancellation)
    {
        if (!Directory.Exists(folder))
            throw new InvalidFileException(folder, "no such folder");
        var files = PictureFolder.Files(folder);
        if (files.Count == 0)
            throw new InvalidFileException(folder, "no pictures in this folder");
        return LongTask.Run(parsed, "fitting", files.Count, step =>
        {
            int code = ExitCodes.Ok;
            foreach (string file in files)
            {
                cancellation.ThrowIfCancellationRequested();
                try
                {
                    add(Path.GetRelativePath(folder, file), ImageFile.Load(file));
                }
                catch (Exception error) when (error is InvalidFileException or IncomparableException)
                {
                    string line = error is InvalidFileException ? error.Message : $"{file}: {error.Message}";
                    parsed.InvocationConfiguration.Error.WriteLine($"unpress: {line}");
                    code = ExitCodes.SomeInputsFailed;
                }

                step();
            }

            return code;
        });
    }

    private static void Save(Action save, string folder)
    {
        try
        {
            save();
        }
        catch (InvalidOperationException error)
        {
            throw new InvalidFileException(folder, error.Message, error);
        }
    }

    private static Dictionary<string, double> ReadScores(string path)
    {
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(path).Where(line => line.Length > 0))
        {
            int comma = line.LastIndexOf(',');
            if (comma < 1 || !double.TryParse(line.AsSpan(comma + 1), CultureInfo.InvariantCulture, out double score))
                throw new InvalidFileException(path, $"'{line}' is not 'file,score'");
            scores[line[..comma]] = score;
        }

        return scores;
    }
}
