using System.Globalization;
using System.Text;

namespace Unpress;

/// <summary>Comma-separated text (RFC 4180), as tables are written and published figures are read.</summary>
public static class CsvText
{
    /// <summary>A text as a cell: in quotation marks where it needs them.</summary>
    public static string Cell(string text) =>
        text.AsSpan().IndexOfAny(",\"\n\r") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>All digits, with a point; "inf" for infinity.</summary>
    public static string Cell(double value) =>
        double.IsPositiveInfinity(value) ? "inf" : value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The cells of each line but the heading. Line breaks in cells are not known.</summary>
    public static IEnumerable<IReadOnlyList<string>> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => Cells(line.TrimEnd('\r')));

    /// <summary>A file appears whole or not at all; a device such as /dev/stdout just gets the text.</summary>
    /// <exception cref="InvalidFileException">It cannot be written.</exception>
    public static void Write(FileInfo file, string text)
    {
        if (AtomicFile.IsDevice(file.FullName))
            File.WriteAllText(file.FullName, text);
        else
            AtomicFile.Write(file.FullName, temporary => File.WriteAllText(temporary, text));
    }

    private static List<string> Cells(string line)
    {
        var cells = new List<string>();
        var cell = new StringBuilder();
        bool quoted = false;
        foreach (char letter in line)
        {
            if (letter == '"')
                quoted = !quoted;
            else if (letter == ',' && !quoted)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(letter);
        }

        cells.Add(cell.ToString());
        return cells;
    }
}
