using System.Globalization;
using System.Text;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Formats;

/// <summary>Every mean, degradation index and published figure, one a line.</summary>
internal static class CsvReport
{
    public static string Of(LabRun run)
    {
        var text = new StringBuilder("set,codec,setting,system,cycle,metric,value,pictures,failed,source\n");
        var means = run.Means;
        foreach (var (set, codec) in means.Sets.SelectMany(set => means.Codecs(set).Select(codec => (set, codec))))
        {
            foreach (int? setting in means.Settings(set, codec))
            {
                foreach (string enhancer in means.Enhancers.Prepend(Figure.Compressed).Prepend(Figure.Raw))
                    Add(text, run, set, codec, setting, enhancer);
            }

            foreach (var row in run.Published(set, codec))
            {
                foreach (var (metric, value) in row.Figures)
                    Line(text, set, codec, row.Setting, row.System, null, metric, value, null, null, row.Source);
            }
        }

        return text.ToString();
    }

    private static void Add(StringBuilder text, LabRun run, string set, string codec, int? setting, string enhancer)
    {
        var means = run.Means;
        foreach (var metric in means.All)
        {
            for (int cycle = 0; cycle <= means.LastCycle; cycle++)
            {
                if (means.At(set, codec, setting, enhancer, cycle, metric.Name) is { } mean)
                    Line(text, set, codec, setting, enhancer, cycle, metric.Name, Number(mean),
                        means.Count(set, codec, setting, enhancer, cycle, metric.Name), means.Failed(set, codec, setting, enhancer, cycle, metric.Name), "");
            }

            if (means.DegradationIndex(set, codec, setting, enhancer, metric) is { } index)
                Line(text, set, codec, setting, enhancer, null, $"di:{metric.Name}", Number(index), null, null, "");
        }
    }

    private static void Line(
        StringBuilder text, string set, string codec, int? setting, string system, int? cycle, string metric, string value, int? pictures, int? failed, string source) =>
        text.AppendJoin(',', Cell(set), codec, setting, Cell(system), cycle, metric, value, pictures, failed, Cell(source)).Append('\n');

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
