using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Spectre.Console;
using Unpress.Downloads;
using Unpress.Evaluation;
using Unpress.Imaging.Workers;
using Unpress.Metrics;

namespace Unpress.Cli.Commands.Measure;

/// <summary><c>unpress measure REF OUT</c>: how close pictures are to their originals.</summary>
public static class MeasureCommand
{
    public static Command Create()
    {
        var reference = new Argument<string?>("REF")
        {
            Description = "The original, or a folder of originals; leave it out for metrics that need none.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var image = new Argument<string?>("OUT") { Description = "The picture to judge, or a folder of pictures.", Arity = ArgumentArity.ZeroOrOne };
        var metrics = MetricsOption.Create();
        var explain = MetricLegend.Option();
        var list = new Option<bool>("--list") { Description = "List the metrics and say what each computes." };
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var csv = new Option<FileInfo?>("--csv") { Description = "Also write the table into a CSV file.", HelpName = "FILE" };
        var command = new Command("measure", "Compare pictures with their originals (PSNR, SSIM, PSNR-B and others), or judge them alone (NIQE, BRISQUE).")
        {
            reference, image, metrics, explain, list, json, csv,
        };
        var isolation = new IsolationOptions();
        foreach (var option in isolation.Options)
            command.Options.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(list) || result.GetValue(image) is not null)
                return;
            if (result.GetValue(reference) is null)
                result.AddError("measure needs two pictures or two folders: unpress measure REF OUT");
            else if ((result.GetValue(metrics) ?? MetricCatalog.Default).FirstOrDefault(metric => metric is not INoReferenceMetric) is { } needy)
                result.AddError($"{needy.Name} needs two pictures or two folders: unpress measure REF OUT");
        });
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            if (!parsed.GetValue(list))
                return Measure(parsed, parsed.GetValue(reference)!, parsed.GetValue(image), parsed.GetValue(metrics) ?? MetricCatalog.Default, cancellation);
            MetricListPrinter.Print(ResultConsole.For(parsed));
            return ExitCodes.Ok;
        }));
        return command.WithLimits().WithExamples(
            "unpress measure original.png restored.png",
            "unpress measure originals restored --metrics psnr,ssim --csv scores.csv # two folders, by name",
            "unpress measure photo.jpg --metrics niqe=niqe.npz # without an original");

        int Measure(ParseResult parsed, string reference, string? image, IReadOnlyList<IMetric> metrics, CancellationToken cancellation)
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            var pairing = image is null ? PicturePairing.Alone(reference) : PicturePairing.Find(reference, image);
            foreach (var unmatched in pairing.Unmatched)
                error.WriteLine($"unpress: {unmatched.Path}: not measured, {unmatched.Reason}");
            if (pairing.Pairs.Count == 0)
            {
                error.WriteLine(image is null ? $"unpress: {reference}: no pictures in this folder"
                    : $"unpress: {image}: no picture has the name of one in {reference}");
                return ExitCodes.SomeInputsFailed;
            }

            var files = isolation.Open(parsed, pairing.Pairs.Count > 1, Environment.ProcessorCount, WorkerOptions.UsualMemory);
            using var workers = files as IDisposable;
            var results = LongTask.Run(parsed, "measuring", pairing.Pairs.Count,
                step => PairMeasurement.Run(pairing.Pairs, metrics, _ => step(), cancellation, files));
            foreach (string line in results.SelectMany(result => new[] { result.Error, result.Notice }).OfType<string>())
                error.WriteLine($"unpress: {line}");
            if (parsed.GetValue(json))
                MeasurePrinter.Json(output, metrics, results, pairing.Unmatched);
            else
                MeasurePrinter.Table(ResultConsole.For(parsed), metrics, results, parsed.GetValue(explain));
            if (parsed.GetValue(csv) is { } file)
                CsvText.Write(file, MeasurePrinter.Csv(metrics, results));
            return pairing.Unmatched.Count > 0 || results.Any(result => result.Error is not null) ? ExitCodes.SomeInputsFailed : ExitCodes.Ok;
        }
    }
}

/// <summary>Every metric with its contract.</summary>
internal static class MetricListPrinter
{
    public static void Print(IAnsiConsole console)
    {
        foreach (var metric in MetricCatalog.All)
            Print(console, metric.Name, metric.Summary, metric.Contract,
                metric is INoReferenceMetric ? "none: it looks at the second picture, or at one alone" : null);
        foreach (var metric in MetricCatalog.Sets)
            Print(console, metric.Name, metric.Summary, metric.Contract, "another set of pictures; unpress fid A B");
    }

    private static void Print(IAnsiConsole console, string name, string summary, MetricContract contract, string? reference)
    {
        console.MarkupLineInterpolated($"[bold]{name}[/]  {summary}");
        var facts = new Grid().AddColumn(new GridColumn().PadLeft(4).PadRight(2).NoWrap()).AddColumn();
        Fact("better", $"{MetricLegend.Better(contract)}; {contract.Range}");
        if (contract.OnIdentical is { } identical)
            Fact("identical", $"{Number(identical)}{(contract.Symmetric ? "" : "; swapping the pictures changes the value")}");
        if (reference is not null)
            Fact("reference", reference);
        Fact("colour", contract.Colour);
        Fact("window", contract.Window);
        Fact("border", contract.MinSide > 1 ? $"{contract.Border}; at least {contract.MinSide} pixels a side" : contract.Border);
        if (contract.Weights.Count > 0)
            Fact("needs", string.Join(", ", contract.Weights.Select(Weights)));
        Fact("source", contract.Source);
        console.Write(facts);

        void Fact(string name, string value) => facts.AddRow(new Text(name, new Style(Color.Grey)), new Text(value));
    }

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "infinity" : value.ToString(CultureInfo.InvariantCulture);

    private static string Weights(string name)
    {
        var file = OfficialFiles.Find(name);
        return $"{file.FileName} ({(OfficialFiles.PathOf(file) is null ? $"not here: unpress models fetch {name}" : "here")})";
    }
}

/// <summary>The results of <c>measure</c> as a table, as JSON and as CSV.</summary>
internal static class MeasurePrinter
{
    public static void Table(IAnsiConsole console, IReadOnlyList<IMetric> metrics, IReadOnlyList<PairResult> results, bool explain)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn("picture");
        int measured = results.Count(result => result.Values is not null);
        for (int i = 0; i < metrics.Count; i++)
        {
            // A mean of fewer pictures than the next column's says so.
            int defined = results.Count(result => result.Values is { } values && !double.IsNaN(values[i]));
            table.AddColumn(new TableColumn(Markup.Escape(defined == measured ? metrics[i].Name : $"{metrics[i].Name}\nof {defined}")).RightAligned());
        }

        foreach (var result in results)
        {
            table.AddRow([
                Markup.Escape(result.Paths.Name),
                .. metrics.Select((metric, i) => result.Values is { } values ? MetricText.Of(metric, values[i]) : "failed"),
            ]);
        }
        if (measured > 1)
            table.AddRow(["[bold]mean[/]", .. metrics.Select((metric, i) => $"[bold]{MetricText.Of(metric, Mean(results, i))}[/]")]);
        console.Write(table);
        MetricLegend.Print(console, metrics, explain);
    }

    /// <summary>Full precision; infinity is the string "Infinity", a value that is not defined "NaN", since JSON has no number for them.</summary>
    public static void Json(
        TextWriter writer, IReadOnlyList<IMetric> metrics, IReadOnlyList<PairResult> results, IReadOnlyList<UnmatchedPicture> unmatched)
    {
        bool any = results.Any(result => result.Values is not null);
        writer.WriteLine(JsonSerializer.Serialize(
            new
            {
                metrics = MetricLegend.Json(metrics),
                pictures = results.Select(result => new
                {
                    name = result.Paths.Name,
                    reference = result.Paths.Reference,
                    image = result.Paths.Image,
                    values = result.Values is { } values ? Named(metrics, values) : null,
                    error = result.Error,
                    notice = result.Notice,
                }),
                mean = any ? Named(metrics, [.. metrics.Select((_, i) => Mean(results, i))]) : null,
                unmatched = unmatched.Select(one => new { path = one.Path, reason = one.Reason }),
            },
            JsonText.Options));
    }

    /// <summary>A header, then one line a picture that was measured; full precision.</summary>
    public static string Csv(IReadOnlyList<IMetric> metrics, IReadOnlyList<PairResult> results)
    {
        var text = new StringBuilder().AppendJoin(',', ["picture", .. metrics.Select(metric => metric.Name)]).Append('\n');
        foreach (var result in results)
            if (result.Values is { } values)
                text.AppendJoin(',', [CsvText.Cell(result.Paths.Name), .. values.Select(CsvText.Cell)]).Append('\n');
        return text.ToString();
    }

    private static double Mean(IReadOnlyList<PairResult> results, int metric) =>
        results.Select(result => result.Values?[metric] ?? double.NaN).Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();

    private static Dictionary<string, double> Named(IReadOnlyList<IMetric> metrics, IReadOnlyList<double> values) =>
        metrics.Select((metric, i) => (metric.Name, Value: values[i])).ToDictionary(pair => pair.Name, pair => pair.Value);
}
