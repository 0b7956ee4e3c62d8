using System.Text.Json;

namespace Unpress.Training.Logging;

/// <summary>
/// A log of one JSON object a line: {"step":100,"time":"…","kind":"train","loss":0.01}. Every line is given to the operating system
/// when written; a line that a kill cut short is removed by the next opening.
/// </summary>
public sealed class JsonLinesLog : IDisposable
{
    private readonly FileStream _file;
    private readonly TimeProvider _time;

    /// <summary>Goes on with the file, or starts it.</summary>
    /// <param name="path">The file; its folder exists.</param>
    /// <param name="keepThrough">The step of the checkpoint resumed from: later lines, which will be made again, are cut off. −1: all.</param>
    /// <param name="time">Dates the lines.</param>
    public JsonLinesLog(string path, long keepThrough = -1, TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        long end = keepThrough < 0 ? 0 : EndOfLines(keepThrough);
        _file.SetLength(end);
        _file.Position = end;
    }

    /// <summary>Writes one line.</summary>
    /// <param name="step">Steps done.</param>
    /// <param name="kind">What the line tells of, such as "train" or "validation".</param>
    /// <param name="values">Names and numbers; NaN and infinities, which JSON cannot say, become texts.</param>
    public void Write(long step, string kind, params ReadOnlySpan<(string Name, double Value)> values)
    {
        using var line = new MemoryStream();
        using (var json = new Utf8JsonWriter(line))
        {
            json.WriteStartObject();
            json.WriteNumber("step", step);
            json.WriteString("time", _time.GetUtcNow());
            json.WriteString("kind", kind);
            foreach (var (name, value) in values)
            {
                if (double.IsFinite(value))
                    json.WriteNumber(name, value);
                else
                    json.WriteString(name, FormattableString.Invariant($"{value}"));
            }

            json.WriteEndObject();
        }

        line.WriteByte((byte)'\n');
        _file.Write(line.GetBuffer().AsSpan(0, (int)line.Length));
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    // Where the first line of a later step, or the first that is not a whole line of ours, begins.
    private long EndOfLines(long keepThrough)
    {
        byte[] bytes = new byte[_file.Length];
        _file.ReadExactly(bytes);
        int end = 0;
        while (bytes.AsSpan(end).IndexOf((byte)'\n') is var length and >= 0 && IsKept(bytes.AsMemory(end, length), keepThrough))
            end += length + 1;
        return end;
    }

    private static bool IsKept(ReadOnlyMemory<byte> line, long keepThrough)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return json.RootElement.GetProperty("step").GetInt64() <= keepThrough;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }
}
