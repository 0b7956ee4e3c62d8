using Unpress.Imaging.Codecs.Hevc;

namespace Unpress.Imaging.Tests.Codecs.Hevc;

public class SizeUnitTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(128, 128)]
    [InlineData(256, 1)]
    [InlineData(16384, 16384)]
    [InlineData(8191, 4097)]
    public void Sizes_survive_and_never_look_like_another_unit(int width, int height)
    {
        byte[] unit = SizeUnit.Write(width, height);
        Assert.Equal((width, height), SizeUnit.Read([1, 2, 3, .. unit]));
        Assert.Equal(-1, unit.AsSpan(3).IndexOf(new byte[] { 0, 0 }));
        Assert.InRange(unit.Length, 8, 12);
    }

    [Fact]
    public void Other_streams_have_none() => Assert.Null(SizeUnit.Read([0, 0, 1, 0x40, 1, 12]));

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80 })]
    [InlineData(new byte[] { 5, 5 })]
    [InlineData(new byte[] { 0, 5, 0x80 })]
    public void Damaged_units_are_refused(byte[] payload) =>
        Assert.Throws<InvalidDataException>(() => SizeUnit.Read([0, 0, 1, 62 << 1, 1, .. payload]));
}
