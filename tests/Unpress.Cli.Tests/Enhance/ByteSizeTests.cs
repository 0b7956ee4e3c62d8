using Unpress.Cli.Commands.Enhance;

namespace Unpress.Cli.Tests.Enhance;

public sealed class ByteSizeTests
{
    [Theory]
    [InlineData("2G", 2147483648)]
    [InlineData("512M", 536870912)]
    [InlineData("1.5GiB", 1610612736)]
    [InlineData("100kb", 102400)]
    [InlineData("4096", 4096)]
    public void Amounts_are_read_as_people_write_them(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("-1G")]
    [InlineData("0")]
    [InlineData("2X")]
    public void Other_words_are_refused(string text) => Assert.Throws<FormatException>(() => ByteSize.Parse(text));
}
