namespace Unpress.Lab.Reports.Sheets;

/// <summary>Letters of 5×7 points, so that sheets need no font of the machine: capitals, digits and some signs; what is not among them is a question mark.</summary>
internal static class Lettering
{
    /// <summary>Pixels of a point.</summary>
    private const int Scale = 2;

    private const int Columns = 5, Rows = 7;

    private static readonly Dictionary<char, string> Letters = PageFile.Text("letters.txt")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .ToDictionary(line => line[0], line => line[2..].Replace(" ", "", StringComparison.Ordinal));

    /// <summary>From the top of a line to the next one's.</summary>
    public const int LineHeight = (Rows + 3) * Scale;

    private const int Advance = (Columns + 1) * Scale;

    public static int WidthOf(string text) => text.Length * Advance;

    /// <summary>As much of it as fits, with two points at the end where it does not.</summary>
    public static string Fitting(string text, int width)
    {
        int most = Math.Max(3, width / Advance);
        return text.Length <= most ? text : text[..(most - 2)] + "..";
    }

    /// <summary>The points that are set, in pixels from the text's top left corner: squares of <see cref="Scale"/>.</summary>
    public static IEnumerable<(int X, int Y)> Points(string text)
    {
        for (int place = 0; place < text.Length; place++)
        {
            char letter = char.ToUpperInvariant(text[place]);
            if (letter == ' ')
                continue;
            string points = Letters.GetValueOrDefault(letter, Letters['?']);
            for (int i = 0; i < points.Length * Scale * Scale; i++)
            {
                int x = i % (Columns * Scale), y = i / (Columns * Scale);
                if (points[(y / Scale * Columns) + (x / Scale)] == '#')
                    yield return ((place * Advance) + x, y);
            }
        }
    }
}
