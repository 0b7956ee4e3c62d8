using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Inference;

public sealed class NetworkEnhancerTests
{
    /// <summary>Less than the process has already: the smallest tiles.</summary>
    private static readonly NetworkEnhancerOptions Tiny = new() { Memory = 1 };

    [Theory]
    [InlineData(3, ColourModel.Rgb, 203, 150)]
    [InlineData(1, ColourModel.Gray, 129, 260)]
    public void Tiled_and_whole_agree_within_one_level(int channels, ColourModel model, int width, int height)
    {
        var image = InferencePictures.Noise(width, height, model);
        using var whole = new NetworkEnhancer("whole", InferencePictures.SmallNetwork(channels));
        using var tiled = new NetworkEnhancer("tiled", InferencePictures.SmallNetwork(channels), Tiny);
        int tiles = 0;
        var expected = whole.Enhance(image, done => tiles = done.Total, default);
        Assert.Equal(1, tiles);
        var actual = tiled.Enhance(image, done => tiles = done.Total, default);
        Assert.True(tiles >= 6, $"{tiles} tiles");
        Assert.Equal(0, TorchRuntime.CpuMemory().Kept);
        Assert.InRange(InferencePictures.LargestDifference(expected, actual), 0, 1);
        Assert.True(InferencePictures.LargestDifference(image, expected) > 4, "the network must do something, or this test shows nothing");
    }

    [Theory]
    [InlineData(ColourModel.Gray, 3)]
    [InlineData(ColourModel.Gray, 1)]
    [InlineData(ColourModel.Rgb, 3)]
    [InlineData(ColourModel.Rgb, 1)]
    [InlineData(ColourModel.Cmyk, 3)]
    [InlineData(ColourModel.Cmyk, 1)]
    public void Every_layout_passes_unharmed_through_a_network_that_does_nothing(ColourModel model, int channels)
    {
        foreach (int bits in (int[])[8, 16])
        {
            var image = InferencePictures.Noise(40, 24, model, alpha: true, bits);
            using var enhancer = new NetworkEnhancer("identity", new FunctionNetwork(channels, x => x.Alias()));
            var output = enhancer.Enhance(image, default);
            Assert.Equal(image.Data, output.Data);
            Assert.NotSame(image.Data, output.Data);
        }
    }

    [Fact]
    public void A_gray_network_moves_luma_and_leaves_chroma()
    {
        var image = new ImageBuffer(9, 9, ColourModel.Rgb);
        for (int i = 0; i < image.Data.Length; i++)
            image.Data[i] = (byte)(60 + (i % 120));
        using var enhancer = new NetworkEnhancer("brighter", new FunctionNetwork(1, x => x + (10.0 / 255)));
        Assert.Equal(image.Data.Select(value => (byte)(value + 10)), enhancer.Enhance(image, default).Data);
    }

    [Fact]
    public void Ink_gets_less_where_light_gets_more()
    {
        var image = new ImageBuffer(2, 1, ColourModel.Cmyk, data: [100, 110, 120, 130, 100, 110, 120, 140]);
        using var enhancer = new NetworkEnhancer("brighter", new FunctionNetwork(3, x => x + (10.0 / 255)));
        Assert.Equal([90, 100, 110, 120, 90, 100, 110, 130], enhancer.Enhance(image, default).Data);
    }

    [Fact]
    public void Strength_is_a_blend_and_zero_is_the_input()
    {
        var image = new ImageBuffer(2, 1, ColourModel.Gray, data: [100, 200]);
        byte[] At(double strength)
        {
            using var enhancer = new NetworkEnhancer(
                "brighter", new FunctionNetwork(1, x => x + (20.0 / 255)), new NetworkEnhancerOptions { Strength = strength });
            return enhancer.Enhance(image, default).Data;
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
        string Refusal(Func<Tensor, Tensor> network)
        {
            using var enhancer = new NetworkEnhancer("broken", new FunctionNetwork(1, network));
            return Assert.Throws<BrokenOutputException>(() => enhancer.Enhance(image, default)).Message;
        }

        Assert.Contains("not finite", Refusal(x => (x - 2.0).Log()), StringComparison.Ordinal);
        Assert.Contains("flat colour", Refusal(x => (x * 0) + 0.5), StringComparison.Ordinal);
        Assert.Contains("brightness", Refusal(x => x * 0.5), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tile_that_fails_in_bf16_is_done_in_fp32()
    {
        var image = InferencePictures.Noise(16, 16, ColourModel.Gray);
        int calls = 0;
        using var enhancer = new NetworkEnhancer(
            "first time broken",
            new FunctionNetwork(1, x => calls++ == 0 ? (x - 2.0).Log() : x.Alias()),
            new NetworkEnhancerOptions { Precision = Precision.Bf16 });
        Assert.Equal(image.Data, enhancer.Enhance(image, default).Data);
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData(Precision.Fp32)]
    [InlineData(Precision.Auto)] // where bf16 is native, the sample that decides does not fit either
    public void What_does_not_fit_in_memory_is_halved_until_it_does(Precision precision)
    {
        var image = InferencePictures.Noise(64, 48, ColourModel.Gray);
        using var enhancer = new NetworkEnhancer("greedy", new FunctionNetwork(
            1, x => x.Count > 900 ? throw new TorchException("DefaultCPUAllocator: can't allocate memory") : x.Alias()),
            new NetworkEnhancerOptions { Precision = precision });
        int tiles = 0;
        Assert.Equal(image.Data, enhancer.Enhance(image, done => tiles = done.Total, default).Data);
        Assert.Equal(4, tiles);
    }

    [Fact]
    public void It_stops_between_tiles_when_cancelled()
    {
        var image = InferencePictures.Noise(300, 200, ColourModel.Rgb);
        using var source = new CancellationTokenSource();
        using var enhancer = new NetworkEnhancer("tiled", InferencePictures.SmallNetwork(), Tiny);
        double done = 0;
        Assert.Throws<OperationCanceledException>(() => enhancer.Enhance(
            image,
            progress =>
            {
                done = progress.Done;
                if (done == 1)
                    source.Cancel();
            },
            source.Token));
        Assert.Equal(1, done);
    }
}
