using Spectre.Console;
using Unpress.Cli.Commands.Cycle;

namespace Unpress.Cli.Tests.Commands;

public sealed class CycleColumnsTests
{
    [Theory]
    [InlineData(5, 80, "0 1 2 3 5")]
    [InlineData(5, 100, "0 1 2 3 4 5")]
    [InlineData(10, 160, "0 1 2 3 4 5 6 7 8 9 10")]
    [InlineData(10, 80, "0 1 2 5 10")]
    [InlineData(30, 80, "0 1 5 10 30")]
    [InlineData(30, 120, "0 1 2 3 4 5 10 15 20 30")]
    [InlineData(30, 64, "0 1 30")]
    public void Shows_the_cycles_that_tell_most_and_fit(int cycles, int width, string expected)
    {
        string[] lines = Printed(cycles, width).Split('\n');
        string headings = lines.Single(line => line.Contains("DI %", StringComparison.Ordinal));
        Assert.Equal(["codec", "enhancer", .. expected.Split(' '), "DI", "%"], headings.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [Theory]
    [InlineData(5, 80)]
    [InlineData(10, 80)]
    [InlineData(30, 100)]
    public void No_line_is_broken(int cycles, int width)
    {
        string[] lines = Printed(cycles, width).Split('\n');
        Assert.All(lines, line => Assert.True(line.TrimEnd().Length <= width));
        string row = lines.Single(line => line.Contains("ffmpeg", StringComparison.Ordinal));
        Assert.Contains("24.00", row, StringComparison.Ordinal);
        Assert.Contains($"{24 + cycles}.00", row, StringComparison.Ordinal);
        Assert.Contains("-1.234", row, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_left_out_is_said_and_where_it_is()
    {
        Assert.Contains("30 cycles, 4 of them shown; all: elsewhere", Printed(30, 80), StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere", Printed(5, 100), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_rows_it_says_so()
    {
        string text = Printed(80, CycleColumns.Create(80, "a title", ["codec", "enhancer"], [], "elsewhere"));
        Assert.Contains("enhancer", text, StringComparison.Ordinal);
        Assert.Contains("nothing was enhanced", text, StringComparison.Ordinal);
    }

    private static string Printed(int cycles, int width)
    {
        string[] row = ["jpeg 10", "ffmpeg-deblock", .. Enumerable.Range(24, cycles + 1).Select(value => $"{value}.00"), "-1.234"];
        return Printed(width, CycleColumns.Create(width, "a title", ["codec", "enhancer"], [row], "elsewhere"));
    }

    private static string Printed(int width, Table table)
    {
        var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
        });
        console.Profile.Width = width;
        console.Write(table);
        return writer.ToString();
    }
}
