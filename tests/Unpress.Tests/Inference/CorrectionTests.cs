using Unpress.Imaging;
using Unpress.Inference;

namespace Unpress.Tests.Inference;

public sealed class CorrectionTests
{
    [Theory]
    [InlineData(ColourModel.Gray, 3, 8)]
    [InlineData(ColourModel.Rgb, 3, 8)]
    [InlineData(ColourModel.Rgb, 1, 16)]
    [InlineData(ColourModel.Cmyk, 3, 8)]
    public void Every_strength_is_had_of_one_run(ColourModel model, int channels, int bits)
    {
        var image = InferencePictures.Noise(203, 150, model, alpha: true, bits);
        // Tiles, so that their places are seen.
        var function = Dulled(channels);
        using var enhancer = new ModelEnhancer("dulled", function);
        using var correction = enhancer.Correct(image, null, null, default);
        int runs = function.Runs;
        Assert.True(runs > 1);
        foreach (double strength in (double[])[0, 0.5, 37, 99.9, 100])
        {
            using var once = new ModelEnhancer("dulled", Dulled(channels), new ModelEnhancerOptions { Strength = strength });
            Assert.Equal(once.Enhance(image).Data, correction.At(strength).Data);
        }

        Assert.Equal(runs, function.Runs);
        Assert.NotEqual(image.Data, correction.At(100).Data);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void There_is_no_other_strength(double strength)
    {
        using var enhancer = new ModelEnhancer("same", new FunctionModel(3, x => x));
        using var correction = enhancer.Correct(InferencePictures.Noise(8, 8, ColourModel.Rgb, alpha: false), null, null, default);
        Assert.Throws<ArgumentOutOfRangeException>(() => correction.At(strength));
    }

    private static FunctionModel Dulled(int channels)
        => new(FunctionModel.Of(channels), (input, output) => FunctionModel.Each(input.Picture, output, x => (0.6f * x) + 0.2f)) { Fits = 90 * 90 };
}
