using System.Numerics.Tensors;
using Unpress.Data;
using Unpress.Imaging;
using Unpress.Inference;

namespace Unpress.Tests.Inference;

/// <summary>A model with a part that looks at the whole picture gives the same picture in tiles as in one piece.</summary>
public sealed class SurveyTests
{
    [Theory]
    [InlineData(ColourModel.Rgb, 3)]
    [InlineData(ColourModel.Rgb, 1)]
    [InlineData(ColourModel.Cmyk, 1)]
    public void Tiles_share_what_was_found_in_the_whole(ColourModel model, int channels)
    {
        var image = InferencePictures.Noise(200, 150, model);
        var one = MeanModel(channels, null);
        using var whole = new ModelEnhancer("whole", one);
        var expected = whole.Enhance(image);
        Assert.Equal(0, one.Surveys);

        // The picture fits for its survey, and is then too large for a run, as when memory has gone to others meanwhile.
        var cut = MeanModel(channels, largest: 8000);
        using var tiled = new ModelEnhancer("tiled", cut);
        int tiles = 0;
        var actual = tiled.Enhance(image, null, progress => tiles = progress.Total, default);
        Assert.True(tiles >= 4, $"{tiles} tiles");
        Assert.Equal(model == ColourModel.Cmyk ? 2 : 1, cut.Surveys);
        Assert.InRange(InferencePictures.LargestDifference(expected, actual), 0, 1);
        Assert.True(InferencePictures.LargestDifference(image, expected) > 4, "the model must do something, or this test shows nothing");
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
    private static FunctionModel MeanModel(int channels, long? largest) => new(FunctionModel.Of(channels, multiple: 4), (input, output) =>
    {
        if (input.Picture.Pixels > largest)
            throw new InsufficientMemoryException();
        float mean = input.Found.TryGetValue("mean", out var found) ? found.Values[0] : Mean(input.Picture);
        FunctionModel.Each(input.Picture, output, x => x - (mean * 0.15f));
    })
    {
        Find = picture => new Dictionary<string, FoundValue> { ["mean"] = new([Mean(picture)], [1]) },
    };

    private static float Mean(Planes planes) => TensorPrimitives.Sum<float>(planes.Values) / planes.Values.Length;
}
