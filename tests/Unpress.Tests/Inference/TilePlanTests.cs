using Unpress.Inference;

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
        var plan = new TilePlan(FunctionModel.Of(3, receptiveField: 52, multiple: 8), width, height);
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
        Assert.Single(new TilePlan(FunctionModel.Of(3, 52, 8), 1001, 701).Cut(1001 * 701));

    // Memory that is used for the first time costs as much as computing on it: one tile more than what all see together.
    [Theory]
    [InlineData(4000, 3000)]
    [InlineData(9000, 400)]
    public void A_large_picture_is_cut_for_the_least_time(int width, int height)
    {
        var plan = new TilePlan(FunctionModel.Of(3, 52, 8), width, height);
        long found = Cost(plan.Cut(20_000_000));
        Assert.All([100_000, 300_000, 700_000, 1_000_000], most => Assert.True(Cost(plan.Cut(most)) >= found));
        Assert.True(found < (long)width * height * 3 / 2);

        static long Cost(List<Tile> tiles) => tiles.Sum(tile => tile.Seen.Pixels) + tiles.Max(tile => tile.Seen.Pixels);
    }

    [Fact]
    public void Halves_are_the_whole()
    {
        var plan = new TilePlan(FunctionModel.Of(3, 52, 8), 500, 300);
        var halves = plan.Halve(plan.Cut(150_000)[0])!;
        Assert.Equal(2, halves.Count);
        Assert.Equal(150_000, halves.Sum(tile => tile.Core.Pixels));
        var small = new TilePlan(FunctionModel.Of(3, 52, 8), 8, 8);
        Assert.Null(small.Halve(small.Cut(64)[0]));
    }
}
