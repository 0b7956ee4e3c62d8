using System.Text.Json;

namespace Unpress.Studio.Lab;

/// <summary>One curve.</summary>
/// <param name="Kind">What wrote it: train or validation.</param>
/// <param name="Values">As many as steps; null where it was no number (a loss that went to infinity).</param>
public sealed record LabSeries(string Kind, string Name, IReadOnlyList<long> Steps, IReadOnlyList<double?> Values);

/// <summary>Reads a training's log, one JSON object a line, while the training goes on writing it.</summary>
internal static class LabLog
{
    /// <summary>Points of a curve. More are not seen; each of them is then the mean of its neighbours.</summary>
    private const int MostPoints = 1000;

    /// <summary>Bytes of the end that are looked at for the last line.</summary>
    private const int Tail = 4096;

    private static readonly HashSet<string> NoCurve = new(StringComparer.Ordinal) { "step", "time", "kind" };

    public static IReadOnlyList<LabSeries> Read(string path)
    {
        var curves = new Dictionary<(string Kind, string Name), (List<long> Steps, List<double?> Values)>();
        using var reader = new StreamReader(Open(path));
        while (reader.ReadLine() is { } line)
        {
            if (Parse(line) is not { } entry)
                continue;
            using (entry)
            {
                if (StepOf(entry) is not { } step)
                    continue;
                string kind = entry.RootElement.TryGetProperty("kind", out var said) ? said.ToString() : "";
                foreach (var value in entry.RootElement.EnumerateObject().Where(value => !NoCurve.Contains(value.Name)))
                {
                    if (!curves.TryGetValue((kind, value.Name), out var curve))
                        curves[(kind, value.Name)] = curve = ([], []);
                    curve.Steps.Add(step);
                    curve.Values.Add(value.Value.ValueKind == JsonValueKind.Number ? value.Value.GetDouble() : null);
                }
            }
        }

        return [.. curves.Select(curve => Thin(new LabSeries(curve.Key.Kind, curve.Key.Name, curve.Value.Steps, curve.Value.Values)))];
    }

    /// <summary>Of the last whole line; null where there is none.</summary>
    public static long? LastStep(string path)
    {
        try
        {
            using var file = Open(path);
            file.Position = Math.Max(0, file.Length - Tail);
            string[] lines = new StreamReader(file).ReadToEnd().Split('\n');
            for (int k = lines.Length - 1; k >= 0; k--)
            {
                using var entry = Parse(lines[k]);
                if (entry is not null && StepOf(entry) is { } step)
                    return step;
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The list shows the others all the same.
        }

        return null;
    }

    private static FileStream Open(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Null for what is no object: a line that is being written, or was never whole.</summary>
    private static JsonDocument? Parse(string line)
    {
        try
        {
            var entry = JsonDocument.Parse(line);
            if (entry.RootElement.ValueKind == JsonValueKind.Object)
                return entry;
            entry.Dispose();
        }
        catch (JsonException)
        {
            // Not whole.
        }

        return null;
    }

    private static long? StepOf(JsonDocument entry)
        => entry.RootElement.TryGetProperty("step", out var step) && step.ValueKind == JsonValueKind.Number && step.TryGetInt64(out long number)
            ? number
            : null;

    private static LabSeries Thin(LabSeries curve)
    {
        int count = curve.Steps.Count;
        if (count <= MostPoints)
            return curve;
        int group = (count + MostPoints - 1) / MostPoints;
        int[] starts = [.. Enumerable.Range(0, (count + group - 1) / group).Select(k => k * group)];
        return curve with
        {
            Steps = [.. starts.Select(start => curve.Steps[Math.Min(count, start + group) - 1])],
            Values = [.. starts.Select(start => curve.Values.Skip(start).Take(group).Average())],
        };
    }
}
