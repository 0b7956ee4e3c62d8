using Unpress.Data;
using Unpress.Inference;

namespace Unpress.Tests.Inference;

/// <summary>Functions of an area that depend on its size say how far they look.</summary>
public sealed class SeamProbeTests
{
    [Theory]
    [InlineData(10, 48)] // enough at once: a quarter of the receptive field, and one eighth more
    [InlineData(50, 80)] // 48 is too little, 64 is enough, and one eighth more
    [InlineData(127, 128)]
    public void As_much_as_matters_and_a_little_more(int looks, int overlap)
        => Assert.Equal(overlap, SeamProbe.Overlap(128, 8, 1000, 700, area => Level(area, area.Width - 64 >= looks ? 0.5 : 0.503)));

    [Fact]
    public void A_change_below_a_tenth_of_a_level_does_not_matter()
        => Assert.Equal(48, SeamProbe.Overlap(128, 8, 1000, 700, area => Level(area, 0.5 + (0.0003 / area.Width))));

    [Fact]
    public void The_place_that_needs_most_decides()
        => Assert.Equal(96, SeamProbe.Overlap(128, 8, 1000, 700, area => Level(area, area.X > 500 && area.Y > 300 && area.Width < 64 + 80 ? 0 : 1)));

    [Theory]
    [InlineData(0, 1000)]
    [InlineData(128, 190)]
    public void Nothing_is_measured_where_nothing_can_be_won(int receptiveField, int width)
        => Assert.Equal(receptiveField, SeamProbe.Overlap(receptiveField, 8, width, 700, _ => throw new InvalidOperationException()));

    private static Planes Level(PixelArea area, double value)
    {
        var planes = new Planes(1, area.Height, area.Width);
        planes.Values.Fill((float)value);
        return planes;
    }
}
