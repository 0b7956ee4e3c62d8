using System.Text;
using System.Text.RegularExpressions;

namespace Unpress.Cli.Tests;

/// <summary>
/// What a terminal shows after a program wrote to it: line ends, carriage returns, cursor up and down, cleared lines and screens; colours are passed
/// over.
/// </summary>
internal sealed partial class TerminalScreen
{
    private readonly List<StringBuilder> _lines = [new()];
    private int _row, _column, _columns;

    /// <param name="columns">Where lines go on in the next one; without it nowhere.</param>
    public static string[] Show(string written, int columns = int.MaxValue)
    {
        var screen = new TerminalScreen { _columns = columns };
        for (int i = 0; i < written.Length;)
        {
            if (Control().Match(written, i) is { Success: true } control)
            {
                screen.Do(control.Groups["what"].Value[0], control.Groups["number"].Value);
                i += control.Length;
                continue;
            }

            // What the keypad sends: nothing to see.
            if (written[i] == '\e' && i + 1 < written.Length && written[i + 1] is '=' or '>')
            {
                i += 2;
                continue;
            }

            screen.Put(written[i++]);
        }

        return [.. screen._lines.Select(line => line.ToString().TrimEnd())];
    }

    [GeneratedRegex(@"\G\e\[\??(?<number>[\d;]*)(?<what>[A-Za-z])")]
    private static partial Regex Control();

    private void Put(char c)
    {
        switch (c)
        {
            case '\n':
                _row++;
                break;
            case '\r':
                _column = 0;
                break;
            case '\e' or '\a':
                break;
            default:
                if (_column >= _columns)
                    (_row, _column) = (_row + 1, 0);
                var line = Line();
                if (line.Length <= _column)
                    line.Append(' ', _column + 1 - line.Length);
                line[_column++] = c;
                break;
        }
    }

    private void Do(char what, string number)
    {
        int count = int.TryParse(number, out int value) ? value : 1;
        switch (what)
        {
            case 'A':
                _row = Math.Max(0, _row - count);
                break;
            case 'B':
                _row += count;
                break;
            case 'G':
                _column = count - 1;
                break;
            case 'J':
                Line().Length = Math.Min(Line().Length, _column);
                _lines.RemoveRange(_row + 1, _lines.Count - _row - 1);
                break;
            case 'K':
                Line().Length = number == "2" ? 0 : Math.Min(Line().Length, _column);
                break;
            default:
                break;
        }
    }

    private StringBuilder Line()
    {
        while (_lines.Count <= _row)
            _lines.Add(new StringBuilder());
        return _lines[_row];
    }
}
