using Unpress.Imaging;

namespace Unpress.Lab.Reports.Sheets;

/// <summary>A table of pictures of one size, with a heading for each column and a name for each row, as a picture itself: pixel for pixel, on white.</summary>
/// <param name="Rows">Name and pictures; a null leaves its place empty.</param>
internal sealed record Sheet(string Title, IReadOnlyList<string> Columns, IReadOnlyList<(string Name, IReadOnlyList<Tile?> Tiles)> Rows)
{
    private const int Gap = 8, WidestName = 300;

    private const byte Paper = 255, Ink = 40;

    public ImageBuffer Draw()
    {
        var tiles = Rows.SelectMany(row => row.Tiles).OfType<Tile>().ToList();
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
            for (int column = 0; column < Rows[row].Tiles.Count; column++)
            {
                if (Rows[row].Tiles[column] is not { } tile)
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
