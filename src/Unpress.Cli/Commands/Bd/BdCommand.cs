using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Bd;

/// <summary><c>unpress bd ANCHOR TEST</c>: Bjøntegaard deltas of two rate curves.</summary>
public static class BdCommand
{
    public static Command Create()
    {
        var anchor = new Argument<string>("ANCHOR") { Description = "CSV file of the curve to compare with: lines 'rate,quality'." };
        var test = new Argument<string>("TEST") { Description = "CSV file of the curve to judge." };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of text." };
        var command = new Command("bd", "BD-rate and BD-PSNR of two rate curves, by cubic, PCHIP and Akima.") { anchor, test, json };
        command.SetAction(parsed =>
        {
            var (a, b) = (Read(parsed.GetRequiredValue(anchor)), Read(parsed.GetRequiredValue(test)));
            var rows = Enum.GetValues<CurveFit>().Select(fit => (
                Name: fit.ToString().ToLowerInvariant(), Rate: Bjontegaard.Rate(a, b, fit), Quality: Bjontegaard.Quality(a, b, fit))).ToList();
            double overlap = Bjontegaard.Overlap(a, b);
            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                output.WriteLine(JsonSerializer.Serialize(
                    new
                    {
                        overlap,
                        fits = rows.ToDictionary(row => row.Name, row => new { bd_rate_percent = row.Rate, bd_quality = row.Quality }),
                    }, JsonText.Options));
            else
                foreach (var row in rows)
                    output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"{row.Name,-6} BD-rate {row.Rate:+0.0000;-0.0000} %  BD-quality {row.Quality:+0.0000;-0.0000}"));
            if (overlap < 0.75)
                parsed.InvocationConfiguration.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"unpress: the curves share only {overlap:P0} of their quality: the deltas say little"));
            return ExitCodes.Ok;
        });
        return command.WithExamples(
            "unpress bd anchor.csv test.csv");
    }

    private static List<RatePoint> Read(string path)
    {
        var points = new List<RatePoint>();
        foreach (string line in File.ReadLines(path).Where(line => line.Trim().Length > 0))
        {
            string[] cells = line.Split(',');
            if (cells.Length == 2 && double.TryParse(cells[0], CultureInfo.InvariantCulture, out double rate)
                && double.TryParse(cells[1], CultureInfo.InvariantCulture, out double quality))
                points.Add(new RatePoint(rate, quality));
            else if (points.Count > 0 || line.Any(char.IsDigit))
                throw new InvalidFileException(path, $"'{line}' is not 'rate,quality'");
        }

        return points.Count > 0 ? points : throw new InvalidFileException(path, "has no lines 'rate,quality'");
    }
}
