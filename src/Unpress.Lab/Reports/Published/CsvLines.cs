using System.Text;

namespace Unpress.Lab.Reports.Published;

/// <summary>Reads comma-separated text (RFC 4180) without line breaks in cells.</summary>
internal static class CsvLines
{
    /// <summary>The cells of each line but the heading.</summary>
    public static IEnumerable<IReadOnlyList<string>> Of(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => Cells(line.TrimEnd('\r')));

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
