using System.Globalization;
using Spectre.Console;

namespace Unpress.Cli.Commands.Cycle;

/// <summary>Tables with a column a cycle, of which a terminal holds only some.</summary>
public static class CycleColumns
{
    /// <summary>Spaces around a cell and the line to the next, in <see cref="TableBorder.Simple"/>.</summary>
    private const int AroundCell = 3;

    /// <summary>After the ends of the curve: what tells most of it. It bends most in its beginning.</summary>
    private static readonly int[] Telling = [5, 10, 2, 20, 30, 50, 3, 15, 4];

    /// <summary>
    /// A table with a line for each of <paramref name="rows"/>: the cells under <paramref name="leading"/>, the compressed picture (0), cycles 1 to n, the
    /// index. Where <paramref name="width"/> characters do not hold all of them, some cycles are left out, and <paramref name="rest"/> below says where
    /// they are. Compressed, first and last cycle are always there. Without rows, the headings and a line that says so.
    /// </summary>
    public static Table Create(int width, string title, IReadOnlyList<string> leading, IReadOnlyList<string[]> rows, string rest)
    {
        if (rows.Count == 0)
            return Empty(title, leading);
        int cycles = rows[0].Length - leading.Count - 2;
        string[] headings = [.. leading, .. Enumerable.Range(0, cycles + 1).Select(cycle => cycle.ToString(CultureInfo.InvariantCulture)), "DI %"];
        int[] widths = [.. headings.Select((heading, column) => AroundCell + rows.Max(row => Math.Max(heading.Length, row[column].Length)))];
        int around = 1 + widths[..leading.Count].Sum() + widths[^1];
        var shown = Shown(cycles, cycle => widths[leading.Count + cycle], width - around);
        int[] columns = [.. Enumerable.Range(0, leading.Count), .. shown.Select(cycle => leading.Count + cycle), headings.Length - 1];

        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(title));
        foreach (int column in columns)
        {
            var added = new TableColumn(Markup.Escape(headings[column])).NoWrap();
            table.AddColumn(column < leading.Count ? added : added.RightAligned());
        }
        foreach (string[] row in rows)
            table.AddRow([.. columns.Select(column => Markup.Escape(row[column]))]);
        return shown.Count <= cycles ? table.Caption(Markup.Escape($"{cycles} cycles, {shown.Count - 1} of them shown; all: {rest}")) : table;
    }

    private static Table Empty(string title, IReadOnlyList<string> leading)
    {
        var table = new Table().Border(TableBorder.Simple).Title(Markup.Escape(title)).Caption("nothing was enhanced");
        foreach (string heading in leading)
            table.AddColumn(Markup.Escape(heading));
        return table;
    }

    private static IReadOnlyList<int> Shown(int cycles, Func<int, int> widthOf, int room)
    {
        var all = Enumerable.Range(0, cycles + 1);
        if (all.Sum(widthOf) <= room)
            return [.. all];
        var shown = new SortedSet<int> { 0, 1, cycles };
        foreach (int cycle in Telling.Where(cycle => cycle < cycles))
        {
            if (shown.Sum(widthOf) + widthOf(cycle) <= room)
                shown.Add(cycle);
        }
        return [.. shown];
    }
}
