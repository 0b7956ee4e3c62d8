using Unpress.Imaging;

namespace Unpress.Lab.Reports.Sheets;

/// <summary>A table of pictures of one size, with a heading for each column and a name for each row, as a picture itself: pixel for pixel, on white.</summary>
/// <param name="Rows">Name and pictures; a null leaves its place empty.</param>
internal sealed record Sheet(string Title, IReadOnlyList<string> Columns, IReadOnlyList<(string Name, IReadOnlyList<SheetCell?> Cells)> Rows)
{
    private const int Gap = 8, WidestName = 300;

    private const byte Paper = 255, Ink = 40;

    public ImageBuffer Draw()
    {
        var tiles = Rows.SelectMany(row => row.Cells).OfType<SheetCell>().ToList();
        int across = tiles.Max(tile => tile.Picture.Width), down = tiles.Max(tile => tile.Picture.Height);
        int names = Math.Min(WidestName, Rows.Max(row => Lettering.WidthOf(row.Name))) + Gap;
        int top = (2 * Gap) + (2 * Lettering.LineHeight), step = down + Lettering.LineHeight + (2 * Gap);
        int width = Math.Max(names + Gap + (Columns.Count * (across + Gap)), Lettering.WidthOf(Title) + (2 * Gap));
        var sheet = new ImageBuffer(width, top + (Rows.Count * step), ColourModel.Rgb);
        sheet.Data.AsSpan().Fill(Paper);
        Write(sheet, Title, Gap, Gap, width);
        for (int column = 0; column < Columns.Count; column++)
            Write(sheet, Columns[column], Left(column), (2 * Gap) + Lettering.LineHeight, across);
        for (int row = 0; row < Rows.Count; row++)
        {
            int y = top + (row * step);
            Write(sheet, Rows[row].Name, Gap, y, names);
            for (int column = 0; column < Rows[row].Cells.Count; column++)
            {
                if (Rows[row].Cells[column] is not { } tile)
                    continue;
                Place(sheet, tile.Picture, Left(column), y);
                Write(sheet, tile.Caption, Left(column), y + down + (Gap / 2), across);
            }
        }

        return sheet;

        int Left(int column) => names + Gap + (column * (across + Gap));
    }

    private static void Write(ImageBuffer sheet, string text, int left, int top, int width)
    {
        foreach (var (x, y) in Lettering.Points(Lettering.Fitting(text, width)))
            sheet.Data.AsSpan((((top + y) * sheet.Width) + left + x) * 3, 3).Fill(Ink);
    }

    private static void Place(ImageBuffer sheet, ImageBuffer picture, int left, int top)
    {
        for (int y = 0; y < picture.Height; y++)
        {
            for (int x = 0; x < picture.Width; x++)
            {
                var to = sheet.Data.AsSpan((((top + y) * sheet.Width) + left + x) * 3, 3);
                int from = ((y * picture.Width) + x) * picture.Bands;
                if (picture.ColourBands == 1)
                    to.Fill(picture.Data[from]);
                else
                    picture.Data.AsSpan(from, 3).CopyTo(to);
            }
        }
    }
}

/// <summary>A picture on a sheet.</summary>
/// <param name="Caption">Below it; empty for nothing.</param>
internal sealed record SheetCell(ImageBuffer Picture, string Caption);

/// <summary>
/// Letters of 5×7 points, so that sheets need no font of the machine: capitals, digits and some signs; what is not among them is a question
/// mark.
/// </summary>
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
