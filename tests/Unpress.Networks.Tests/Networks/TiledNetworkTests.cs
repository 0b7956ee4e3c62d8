using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

/// <summary>
/// In tiles, sides odd, the result is that of the picture in one piece. Networks on coefficients or with a survey of their own are tested so
/// beside what they share.
/// </summary>
public sealed class TiledNetworkTests
{
    private const int Height = 71, Width = 85;

    [Theory]
    [InlineData("arcnn")]
    [InlineData("dncnn")]
    [InlineData("srgan")]
    [InlineData("realesrgan")]
    [InlineData("iegan")]
    [InlineData("dcad")]
    [InlineData("daqe")]
    [InlineData("swinir")]
    [InlineData("rdn")]
    [InlineData("cbdnet")]
    [InlineData("rbqe")]
    public void Tiles_and_the_whole_give_the_same(string name)
    {
        using var network = SmallNetworks.Make(name);
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var picture = Tensor.Rand([1, network.Facts.Channels, Height, Width]);
        var known = network.Survey(picture, Conditions.None);
        var whole = network.Forward(picture);
        var tiles = new TilePlan(network.Facts, Width, Height).Cut(1);
        Assert.True(tiles.Count > 1);
        foreach (var tile in tiles)
        {
            var seen = picture.Narrow(2, tile.Seen.Y, tile.Seen.Height).Narrow(3, tile.Seen.X, tile.Seen.Width);
            var part = network.Forward(seen, known.At(tile.Seen))
                .Narrow(2, tile.Offset.Y, tile.Core.Height).Narrow(3, tile.Offset.X, tile.Core.Width);
            var same = whole.Narrow(2, tile.Core.Y, tile.Core.Height).Narrow(3, tile.Core.X, tile.Core.Width);
            double apart = (part - same).Abs().Max().Item();
            Assert.True(apart < 1e-5 * Math.Max(1, whole.Abs().Max().Item()), $"{name}: {apart} apart in {tile.Core}");
        }
    }
}
