using Unpress.Inference;
using Unpress.Networks;

namespace Unpress.Tests.Inference;

public sealed class TilePlanTests
{
    [Theory]
    [InlineData(1000, 700, 120_000)]
    [InlineData(4000, 3000, 3_000_000)]
    [InlineData(33, 9000, 60_000)]
    [InlineData(1, 1, 1)]
    public void Tiles_cover_each_pixel_once_and_see_their_surroundings(int width, int height, long most)
    {
        var plan = new TilePlan(new NetworkFacts(3, Reach: 52, SizeMultiple: 8), width, height);
        var tiles = plan.Cut(most);
        Assert.Equal((long)width * height, tiles.Sum(tile => tile.Core.Pixels));
        Assert.Equal(tiles.Count, tiles.Select(tile => (tile.Core.X, tile.Core.Y)).Distinct().Count());
        Assert.All(tiles, tile =>
        {
            Assert.Equal(0, tile.Seen.X % 8);
            Assert.Equal(0, tile.Seen.Y % 8);
            Assert.True(tile.Seen.Pixels <= most);
            Assert.True(tile.Seen.X == 0 || tile.Offset.X >= 52);
            Assert.True(tile.Seen.Y == 0 || tile.Offset.Y >= 52);
            Assert.True(tile.Seen.Right == width || tile.Seen.Right - tile.Core.Right >= 52);
            Assert.True(tile.Seen.Bottom == height || tile.Seen.Bottom - tile.Core.Bottom >= 52);
        });
    }

    [Fact]
    public void A_picture_that_fits_is_not_cut() =>
        Assert.Single(new TilePlan(new NetworkFacts(3, 52, 8), 1001, 701).Cut(1001 * 701));

    [Fact]
    public void Two_tiles_are_enough_where_squares_would_be_four() =>
        Assert.Equal(2, new TilePlan(new NetworkFacts(3, 52, 8), 4000, 3000).Cut(6_500_000).Count);

    [Fact]
    public void Halves_are_the_whole()
    {
        var plan = new TilePlan(new NetworkFacts(3, 52, 8), 500, 300);
        var halves = plan.Halve(plan.Cut(150_000)[0])!;
        Assert.Equal(2, halves.Count);
        Assert.Equal(150_000, halves.Sum(tile => tile.Core.Pixels));
        var small = new TilePlan(new NetworkFacts(3, 52, 8), 8, 8);
        Assert.Null(small.Halve(small.Cut(64)[0]));
    }
}
