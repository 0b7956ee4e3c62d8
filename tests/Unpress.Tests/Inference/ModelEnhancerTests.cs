using Unpress.Data;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Tests.Inference;

public sealed class ModelEnhancerTests
{
    private const float Level = 1f / 255;

    [Theory]
    [InlineData(3, ColourModel.Rgb, 203, 150)]
    [InlineData(1, ColourModel.Gray, 129, 260)]
    [InlineData(1, ColourModel.Cmyk, 130, 140)]
    public void Tiled_and_whole_are_the_same_where_tiles_see_enough(int channels, ColourModel model, int width, int height)
    {
        var image = InferencePictures.Noise(width, height, model, alpha: true);
        using var whole = new ModelEnhancer("whole", Blur(channels, null));
        using var tiled = new ModelEnhancer("tiled", Blur(channels, 90 * 90));
        int tiles = 0;
        var expected = whole.Enhance(image, null, done => tiles = done.Total, default);
        Assert.Equal(1, tiles);
        var actual = tiled.Enhance(image, null, done => tiles = done.Total, default);
        Assert.True(tiles >= 4, $"{tiles} tiles");
        Assert.Equal(expected.Data, actual.Data);
        Assert.True(InferencePictures.LargestDifference(image, expected) > 4, "the model must do something, or this test shows nothing");
    }

    [Theory]
    [InlineData(ColourModel.Gray, 3)]
    [InlineData(ColourModel.Gray, 1)]
    [InlineData(ColourModel.Rgb, 3)]
    [InlineData(ColourModel.Rgb, 1)]
    [InlineData(ColourModel.Cmyk, 3)]
    [InlineData(ColourModel.Cmyk, 1)]
    public void Every_layout_passes_unharmed_through_a_model_that_does_nothing(ColourModel model, int channels)
    {
        foreach (int bits in (int[])[8, 16])
        {
            var image = InferencePictures.Noise(40, 24, model, alpha: true, bits);
            using var enhancer = new ModelEnhancer("identity", new FunctionModel(channels, x => x));
            var output = enhancer.Enhance(image);
            Assert.Equal(image.Data, output.Data);
            Assert.NotSame(image.Data, output.Data);
        }
    }

    [Fact]
    public void A_gray_model_moves_luma_and_leaves_chroma()
    {
        var image = new ImageBuffer(9, 9, ColourModel.Rgb);
        for (int i = 0; i < image.Data.Length; i++)
            image.Data[i] = (byte)(60 + (i % 120));
        using var enhancer = new ModelEnhancer("brighter", new FunctionModel(1, x => x + (10 * Level)));
        Assert.Equal(image.Data.Select(value => (byte)(value + 10)), enhancer.Enhance(image).Data);
    }

    [Fact]
    public void Gray_goes_through_colours_as_the_mean_of_three()
    {
        var image = new ImageBuffer(2, 2, ColourModel.Gray, data: [60, 90, 120, 150]);
        using var enhancer = new ModelEnhancer("one channel brighter", new FunctionModel(FunctionModel.Of(3), (input, output) =>
        {
            input.Picture.Values.CopyTo(output.Values);
            foreach (ref float value in output.Band(2))
                value += 30 * Level;
        }));
        Assert.Equal([70, 100, 130, 160], enhancer.Enhance(image).Data);
    }

    [Fact]
    public void Ink_gets_less_where_light_gets_more()
    {
        var image = new ImageBuffer(2, 1, ColourModel.Cmyk, data: [100, 110, 120, 130, 100, 110, 120, 140]);
        using var enhancer = new ModelEnhancer("brighter", new FunctionModel(3, x => x + (10 * Level)));
        Assert.Equal([90, 100, 110, 120, 90, 100, 110, 130], enhancer.Enhance(image).Data);
    }

    [Fact]
    public void Strength_is_a_blend_and_zero_is_the_input()
    {
        var image = new ImageBuffer(2, 1, ColourModel.Gray, data: [100, 200]);
        byte[] At(double strength)
        {
            using var enhancer = new ModelEnhancer("brighter", new FunctionModel(1, x => x + (20 * Level)), new ModelEnhancerOptions { Strength = strength });
            return enhancer.Enhance(image).Data;
        }

        Assert.Equal([100, 200], At(0));
        Assert.Equal([105, 205], At(25));
        Assert.Equal([120, 220], At(100));
        Assert.Throws<ArgumentException>(() => At(101));
    }

    [Fact]
    public void Garbage_is_never_a_result()
    {
        var image = InferencePictures.Noise(16, 16, ColourModel.Gray);
        string Refusal(Func<float, float> function)
        {
            using var enhancer = new ModelEnhancer("broken", new FunctionModel(1, function));
            return Assert.Throws<BrokenOutputException>(() => enhancer.Enhance(image)).Message;
        }

        Assert.Contains("not finite", Refusal(x => x > 0.9f ? float.NaN : x), StringComparison.Ordinal);
        Assert.Contains("not finite", Refusal(x => x > 0.9f ? float.PositiveInfinity : x), StringComparison.Ordinal);
        Assert.Contains("flat colour", Refusal(_ => 0.5f), StringComparison.Ordinal);
        Assert.Contains("brightness", Refusal(x => x * 0.5f), StringComparison.Ordinal);
    }

    [Fact]
    public void What_does_not_fit_in_memory_is_halved_until_it_does()
    {
        var image = InferencePictures.Noise(64, 48, ColourModel.Gray);
        using var enhancer = new ModelEnhancer("greedy", new FunctionModel(FunctionModel.Of(1), (input, output) =>
        {
            if (input.Picture.Pixels > 900)
                throw new InsufficientMemoryException();
            input.Picture.Values.CopyTo(output.Values);
        }));
        int tiles = 0;
        Assert.Equal(image.Data, enhancer.Enhance(image, null, done => tiles = done.Total, default).Data);
        Assert.Equal(4, tiles);
    }

    [Fact]
    public void It_stops_between_tiles_when_cancelled()
    {
        var image = InferencePictures.Noise(300, 200, ColourModel.Rgb);
        using var source = new CancellationTokenSource();
        using var enhancer = new ModelEnhancer("tiled", Blur(3, 90 * 90));
        double done = 0;
        Assert.Throws<OperationCanceledException>(() => enhancer.Enhance(
            image,
            null,
            progress =>
            {
                done = progress.Done;
                if (done == 1)
                    source.Cancel();
            },
            source.Token));
        Assert.Equal(1, done);
    }

    [Fact]
    public void A_draw_is_noise_of_the_pictures_place_whatever_the_tiles()
    {
        var facts = FunctionModel.Of(1) with { Uses = ModelInputs.Noise };
        FunctionModel Noisy(long? fits) => new(facts, (input, output) =>
        {
            for (int k = 0; k < output.Values.Length; k++)
                output.Values[k] = input.Picture.Values[k] + (0.05f * (input.Noise?.Values[k] ?? 0));
        })
        { Fits = fits };
        var image = InferencePictures.Noise(150, 140, ColourModel.Gray);
        using var whole = new ModelEnhancer("whole", Noisy(null));
        using var tiled = new ModelEnhancer("tiled", Noisy(80 * 80));
        var one = whole.Enhance(image, new NoiseDraw(5), null, default);
        Assert.Equal(one.Data, tiled.Enhance(image, new NoiseDraw(5), null, default).Data);
        Assert.NotEqual(one.Data, whole.Enhance(image, new NoiseDraw(6), null, default).Data);
        Assert.Equal(image.Data, whole.Enhance(image, new NoiseDraw(5, Scale: 0), null, default).Data);
        Assert.Equal(image.Data, whole.Enhance(image).Data);
        using var single = new ModelEnhancer("single", new FunctionModel(1, x => x));
        Assert.Throws<ArgumentException>(() => single.Enhance(image, new NoiseDraw(5), null, default));
    }

    [Fact]
    public void A_quality_factor_is_for_models_that_take_one()
    {
        double? given = null;
        var facts = FunctionModel.Of(1) with { Uses = ModelInputs.Quality };
        var model = new FunctionModel(facts, (input, output) =>
        {
            given = input.Quality;
            input.Picture.Values.CopyTo(output.Values);
        });
        using var enhancer = new ModelEnhancer("asked", model, new ModelEnhancerOptions { Quality = 30 });
        enhancer.Enhance(InferencePictures.Noise(8, 8, ColourModel.Gray));
        Assert.Equal(30, given);
        using var blind = new FunctionModel(1, x => x);
        Assert.Throws<ArgumentException>(() => new ModelEnhancer("blind", blind, new ModelEnhancerOptions { Quality = 30 }));
    }

    /// <summary>The mean of 5×5 pixels, fewer at the border: reach 2.</summary>
    private static FunctionModel Blur(int channels, long? fits) => new(FunctionModel.Of(channels, receptiveField: 2, multiple: 2), (input, output) =>
    {
        var picture = input.Picture;
        for (int band = 0; band < picture.Bands; band++)
            for (int y = 0; y < picture.Height; y++)
                for (int x = 0; x < picture.Width; x++)
                {
                    float sum = 0;
                    int count = 0;
                    for (int v = Math.Max(0, y - 2); v <= Math.Min(picture.Height - 1, y + 2); v++)
                        for (int u = Math.Max(0, x - 2); u <= Math.Min(picture.Width - 1, x + 2); u++, count++)
                            sum += picture.Row(band, v)[u];
                    output.Row(band, y)[x] = sum / count;
                }
    })
    { Fits = fits };
}
