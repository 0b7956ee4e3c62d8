namespace Unpress.Base.Tests;

public class UnpressExceptionTests
{
    [Fact]
    public void The_line_stands_beside_the_name_or_carries_it()
    {
        var error = new InvalidFileException("a.jpg", "is cut off");

        Assert.Equal("a.jpg: is cut off", UnpressException.Line(error));
        Assert.Equal("is cut off", UnpressException.Line(error, "a.jpg"));
        Assert.Equal("a.jpg: is cut off", UnpressException.Line(error, "b.jpg"));
    }

    [Fact]
    public void What_a_hostile_file_says_stays_one_short_line()
    {
        string line = UnpressException.Line(new InvalidFileException("a\n.jpg", $"\e[2J\r{new string('x', 1000)}"))!;

        Assert.DoesNotContain(line, char.IsControl);
        Assert.InRange(line.Length, 400, 420);
    }

    [Fact]
    public void A_defect_has_no_line()
    {
        Assert.Null(UnpressException.Line(new InvalidCastException()));
        Assert.NotNull(UnpressException.Line(new IOException("disk full")));
    }
}
