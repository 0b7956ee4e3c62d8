using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Inference;

/// <summary>Networks of libtorch as models of the product.</summary>
public sealed class NetworkModelTests
{
    /// <summary>Less than the process has already: the smallest tiles.</summary>
    private static readonly ModelEnhancerOptions Tiny = new() { Memory = 1 };

    [Theory]
    [InlineData(3, ColourModel.Rgb, 203, 150)]
    [InlineData(1, ColourModel.Gray, 129, 260)]
    public void Tiled_and_whole_agree_within_one_level(int channels, ColourModel model, int width, int height)
    {
        var image = InferencePictures.Noise(width, height, model);
        using var whole = SmallUnpress.Enhancer(SmallUnpress.Network(channels));
        using var tiled = SmallUnpress.Enhancer(SmallUnpress.Network(channels), Tiny);
        int tiles = 0;
        var expected = whole.Enhance(image, null, done => tiles = done.Total, default);
        Assert.Equal(1, tiles);
        var actual = tiled.Enhance(image, null, done => tiles = done.Total, default);
        Assert.True(tiles >= 6, $"{tiles} tiles");
        Assert.Equal(0, TorchRuntime.CpuMemory().Kept);
        Assert.InRange(InferencePictures.LargestDifference(expected, actual), 0, 1);
        Assert.True(InferencePictures.LargestDifference(image, expected) > 4, "the network must do something, or this test shows nothing");
    }

    [Fact]
    public void A_tile_that_fails_in_bf16_is_done_in_fp32()
    {
        var image = InferencePictures.Noise(16, 16, ColourModel.Gray);
        int calls = 0;
        using var enhancer = SmallUnpress.Enhancer(new FunctionNetwork(1, x => calls++ == 0 ? (x - 2.0).Log() : x.Alias()), precision: InferencePrecision.Bf16);
        Assert.Equal(image.Data, enhancer.Enhance(image).Data);
        Assert.Equal(2, calls);
    }

    [Theory]
    [InlineData(InferencePrecision.Fp32)]
    [InlineData(InferencePrecision.Auto)] // where bf16 is native, the sample that decides does not fit either
    public void What_does_not_fit_in_memory_is_halved_until_it_does(InferencePrecision precision)
    {
        var image = InferencePictures.Noise(64, 48, ColourModel.Gray);
        using var enhancer = SmallUnpress.Enhancer(
            new FunctionNetwork(1, x => x.Count > 900 ? throw new TorchException("DefaultCPUAllocator: can't allocate memory") : x.Alias()),
                precision: precision);
        int tiles = 0;
        Assert.Equal(image.Data, enhancer.Enhance(image, null, done => tiles = done.Total, default).Data);
        Assert.Equal(4, tiles);
    }

    [Fact]
    public void Other_failures_of_libtorch_are_the_models()
    {
        using var enhancer = SmallUnpress.Enhancer(new FunctionNetwork(1, _ => throw new TorchException("no such luck")));
        Assert.Equal("no such luck", Assert.Throws<ModelException>(() => enhancer.Enhance(InferencePictures.Noise(8, 8, ColourModel.Gray))).Message);
    }

    [Fact]
    public void What_a_survey_finds_comes_back_to_every_tile()
    {
        var image = InferencePictures.Noise(200, 150, ColourModel.Rgb);
        using var network = new MeanNetwork();
        using var whole = SmallUnpress.Enhancer(network);
        var expected = whole.Enhance(image);
        Assert.Equal(0, network.Surveys);
        using var cut = new MeanNetwork(largest: 8000);
        using var tiled = SmallUnpress.Enhancer(cut);
        var actual = tiled.Enhance(image);
        Assert.Equal(1, cut.Surveys);
        Assert.InRange(InferencePictures.LargestDifference(expected, actual), 0, 1);
        Assert.True(InferencePictures.LargestDifference(image, expected) > 4, "the network must do something, or this test shows nothing");
    }

    /// <summary>Takes a part of the picture's mean away; fails on tiles larger than it is told. It stops at its second exit, which a survey says.</summary>
    private sealed class MeanNetwork(long largest = long.MaxValue) : Network(new NetworkFacts(3, ReceptiveField: 0, SizeMultiple: 4))
    {
        public int Surveys { get; private set; }

        public override Conditions Survey(Tensor whole, Conditions given)
        {
            Surveys++;
            return given with { Exit = 1, Global = new Dictionary<string, Tensor> { ["mean"] = Mean(whole) } };
        }

        protected override Tensor Restore(Tensor input, Conditions conditions)
        {
            if (input.Size(2) * input.Size(3) > largest)
                throw new TorchException("DefaultCPUAllocator: can't allocate memory");
            bool surveyed = conditions.Global.TryGetValue("mean", out var found);
            Assert.Equal(surveyed ? 1 : null, conditions.Exit);
            return input - ((surveyed ? found! : Mean(input)) * 0.15);
        }

        private static Tensor Mean(Tensor picture) => picture.Mean([2, 3], keep: true);
    }
}
