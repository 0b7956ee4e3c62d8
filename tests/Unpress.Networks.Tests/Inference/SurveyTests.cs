using Unpress.Data;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Inference;

/// <summary>A network with a part that looks at the whole picture gives the same picture in tiles as in one piece.</summary>
public sealed class SurveyTests
{
    [Theory]
    [InlineData(ColourModel.Rgb, 3)]
    [InlineData(ColourModel.Rgb, 1)]
    [InlineData(ColourModel.Cmyk, 1)]
    public void Tiles_share_what_was_found_in_the_whole(ColourModel model, int channels)
    {
        var image = InferencePictures.Noise(200, 150, model);
        using var network = new MeanNetwork(channels);
        using var whole = new NetworkEnhancer("whole", network);
        var expected = whole.Enhance(image, default);
        Assert.Equal(0, network.Surveys);

        using var cut = new MeanNetwork(channels, largest: 8000);
        using var tiled = new NetworkEnhancer("tiled", cut);
        int tiles = 0;
        var actual = tiled.Enhance(image, progress => tiles = progress.Total, default);
        Assert.True(tiles >= 4, $"{tiles} tiles");
        Assert.Equal(model == ColourModel.Cmyk ? 2 : 1, cut.Surveys);
        Assert.InRange(InferencePictures.LargestDifference(expected, actual), 0, 1);
        Assert.True(InferencePictures.LargestDifference(image, expected) > 4, "the network must do something, or this test shows nothing");
    }

    [Theory]
    [InlineData(4000, 3000, 12_000_000, 1, 0, 0, 4000, 3000)]
    [InlineData(4000, 3000, 3_000_000, 8, 1000, 752, 2000, 1496)]
    [InlineData(5, 3000, 100, 16, 0, 1488, 5, 16)]
    public void Of_a_picture_too_large_the_middle_is_surveyed(
        int width, int height, long pixels, int multiple, int x, int y, int across, int down)
    {
        var middle = PassKnowledge.Middle(width, height, pixels, multiple);
        Assert.Equal(new PixelArea(x, y, across, down), middle);
    }

    /// <summary>Takes a part of the picture's mean away; fails on tiles larger than it is told.</summary>
    private sealed class MeanNetwork(int channels, long largest = long.MaxValue) : Network(new NetworkFacts(channels, Reach: 0, SizeMultiple: 4))
    {
        public int Surveys { get; private set; }

        public override Conditions Survey(Tensor whole, Conditions given)
        {
            Surveys++;
            return given with { Global = new Dictionary<string, Tensor> { ["mean"] = Mean(whole) } };
        }

        protected override Tensor Restore(Tensor input, Conditions conditions)
        {
            if (input.Size(2) * input.Size(3) > largest)
                throw new TorchException("DefaultCPUAllocator: can't allocate memory");
            var mean = conditions.Global.TryGetValue("mean", out var found) ? found : Mean(input);
            return input - (mean * 0.15);
        }

        private static Tensor Mean(Tensor picture) => picture.Mean([2, 3], keep: true);
    }
}
