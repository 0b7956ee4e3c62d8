using System.Globalization;
using Spectre.Console;
using Unpress.Compression;

namespace Unpress.Cli.Commands.Compress;

/// <summary>A <see cref="CompressResult"/> for people.</summary>
internal static class CompressView
{
    public static void Print(CompressResult result, IAnsiConsole console)
    {
        if (result.Pictures.Count == 0)
            return;
        var grid = new Grid();
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 3, 0) });
        for (int i = 0; i < 3; i++)
            grid.AddColumn(new GridColumn { Alignment = Justify.Right, NoWrap = true, Padding = new Padding(0, 0, 3, 0) });
        grid.AddRow("[grey]Picture[/]", "[grey]Size[/]", "[grey]Bytes[/]", "[grey]Bits per pixel[/]");
        foreach (var picture in result.Pictures)
        {
            string name = Markup.Escape(picture.Bitstream ?? picture.Decoded ?? picture.Input);
            grid.AddRow(name, $"{picture.Width}x{picture.Height}", Number(picture.Bytes), BitsPerPixel(picture.BitsPerPixel));
        }

        if (result.Pictures.Count > 1)
        {
            string mean = BitsPerPixel(result.Pictures.Average(picture => picture.BitsPerPixel));
            grid.AddRow("[bold]Sum, and mean[/]", "", Number(result.Pictures.Sum(picture => picture.Bytes)), mean);
        }

        console.Write(grid);
        var first = result.Pictures[0];
        console.MarkupLineInterpolated($"[grey]{first.Codec} at {first.Quality}, encoder {first.Encoder}[/]");
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string BitsPerPixel(double value) => value.ToString("F3", CultureInfo.InvariantCulture);
}
