using System.Text.Json.Nodes;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Inference;
using Unpress.Jpeg;
using Unpress.Networks;
using Unpress.Tests.Metrics;
using Unpress.Tests.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Inference;

/// <summary>Networks that work on the coefficients of a file get them, for the whole picture and for every tile.</summary>
public sealed class CoefficientEnhancerTests
{
    private static readonly NetworkEnhancerOptions Tiny = new() { Memory = 1 };

    [Theory]
    [InlineData("tnrd", ColourModel.Gray, ChromaSubsampling.C444)]
    [InlineData("tnrd", ColourModel.Rgb, ChromaSubsampling.C420)]
    [InlineData("ddcn", ColourModel.Rgb, ChromaSubsampling.C422)]
    public void Tiled_and_whole_agree_within_one_level(string name, ColourModel model, ChromaSubsampling subsampling)
    {
        var image = Jpeg(275, 163, model, subsampling);
        using var whole = new NetworkEnhancer("whole", Network(name));
        using var tiled = new NetworkEnhancer("tiled", Network(name), Tiny);
        var expected = whole.Enhance(image, default);
        int tiles = 0;
        var actual = tiled.Enhance(image, done => tiles = done.Total, default);
        Assert.True(tiles >= 6, $"{tiles} tiles");
        Assert.InRange(InferencePictures.LargestDifference(expected, actual), 0, 1);
        Assert.True(InferencePictures.LargestDifference(image, expected) > 4, "the network must do something, or this test shows nothing");
    }

    [Fact]
    public void An_untrained_tnrd_of_no_stages_worth_gives_the_file_back()
    {
        // Held at the middle of every interval, the result is the decoded file.
        var image = Jpeg(75, 61, ColourModel.Gray, ChromaSubsampling.C444);
        using var enhancer = new NetworkEnhancer("held", Tnrd.Entry.Create(new JsonObject { ["stages"] = 1, ["filterSize"] = 3, ["slack"] = 0 }));
        Assert.InRange(InferencePictures.LargestDifference(image, enhancer.Enhance(image, default)), 0, 1);
    }

    [Theory]
    [InlineData(ChromaSubsampling.C420)]
    [InlineData(ChromaSubsampling.C422)]
    [InlineData(ChromaSubsampling.C444)]
    public void Colour_goes_through_qgac_at_every_subsampling(ChromaSubsampling subsampling)
    {
        var image = Jpeg(75, 61, ColourModel.Rgb, subsampling);
        using var enhancer = new NetworkEnhancer("qgac", Network("qgac"));
        var restored = enhancer.Enhance(image, default);
        Assert.True(InferencePictures.LargestDifference(image, restored) > 0);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(6)]
    public void A_turned_file_is_restored_as_it_lies_in_the_file(int orientation)
    {
        var stored = Jpeg(75, 61, ColourModel.Gray, ChromaSubsampling.C444);
        using var enhancer = new NetworkEnhancer("turned", Network("tnrd"));
        var expected = ImageTurn.ToUpright(enhancer.Enhance(stored, default), orientation);
        var upright = ImageTurn.ToUpright(stored, orientation);
        upright.Metadata.StoredOrientation = orientation;
        Assert.Equal(expected.Data, enhancer.Enhance(upright, default).Data);
    }

    [Fact]
    public void Pictures_without_coefficients_are_refused_in_words()
    {
        using var luma = new NetworkEnhancer("luma", Network("tnrd"));
        using var colour = new NetworkEnhancer("colour", Network("qgac"));
        var made = TestPictures.Waves(40, 32, ColourModel.Rgb);
        Assert.Contains("this is no file", Assert.Throws<UnsuitablePictureException>(() => luma.Enhance(made, default)).Message);
        made.Metadata.SourceFormat = "png";
        Assert.Contains("this is a png file", Assert.Throws<UnsuitablePictureException>(() => luma.Enhance(made, default)).Message);
        var gray = Jpeg(40, 32, ColourModel.Gray, ChromaSubsampling.C444);
        Assert.Contains("gray", Assert.Throws<UnsuitablePictureException>(() => colour.Enhance(gray, default)).Message);
    }

    [Fact]
    public void A_quality_factor_goes_to_networks_that_take_one_and_to_no_other()
    {
        Assert.Throws<ArgumentException>(() => new NetworkEnhancer("tnrd", Network("tnrd"), new NetworkEnhancerOptions { Quality = 30 }));
        var image = Jpeg(75, 61, ColourModel.Rgb, ChromaSubsampling.C420);
        using var blind = new NetworkEnhancer("blind", Network("fbcnn"));
        using var strong = new NetworkEnhancer("strong", Network("fbcnn"), new NetworkEnhancerOptions { Quality = 5 });
        using var tiles = new NetworkEnhancer("tiles", Network("fbcnn"), Tiny with { Quality = 5 });
        var expected = strong.Enhance(image, default);
        Assert.NotEqual(blind.Enhance(image, default).Data, expected.Data);
        Assert.InRange(InferencePictures.LargestDifference(expected, tiles.Enhance(image, default)), 0, 1);
    }

    [Theory]
    [InlineData(ColourModel.Gray, ChromaSubsampling.C444, 0.999, 0.999)]
    [InlineData(ColourModel.Rgb, ChromaSubsampling.C444, 0.995, 0.995)]
    [InlineData(ColourModel.Rgb, ChromaSubsampling.C420, 0.995, 0.97)]
    public void Coefficients_found_again_in_pixels_are_the_files(
        ColourModel model, ChromaSubsampling subsampling, double leastOfLuma, double leastOfChroma)
    {
        using var scope = TensorScope.Enter();
        var image = Jpeg(96, 64, model, subsampling);
        using var network = model == ColourModel.Gray ? Network("tnrd") : Network("qgac");
        var stored = FileCoefficients.For(network.Facts, image)!;
        var found = CoefficientRecovery.Of(Unpress.Data.ImageTensor.Read(image), [20], subsampling);
        Assert.Equal(stored.Planes.Count, found.Planes.Count);
        for (int plane = 0; plane < stored.Planes.Count; plane++)
        {
            var (ours, theirs) = (found.Planes[plane], stored.Planes[plane]);
            Assert.Equal(theirs.Table.ToArray<float>(), ours.Table.ToArray<float>());
            Assert.Equal((theirs.Horizontal, theirs.Vertical), (ours.Horizontal, ours.Vertical));
            float[] a = ours.Coefficients.ToArray<float>(), b = theirs.Coefficients.ToArray<float>();
            double same = a.Zip(b).Count(pair => pair.First == pair.Second) / (double)b.Length;
            Assert.True(same >= (plane == 0 ? leastOfLuma : leastOfChroma), $"plane {plane}: {same:P2} the same");
        }
    }

    private static Network Network(string name)
    {
        var network = SmallNetworks.Make(name);
        using var noGrad = Autograd.NoGrad();
        foreach (var (parameter, tensor) in network.NamedParameters())
            if (parameter == "cof")
                tensor.Copy(tensor * 20); // a slope that shows
        return network;
    }

    private static ImageBuffer Jpeg(int width, int height, ColourModel model, ChromaSubsampling subsampling)
    {
        var encoded = JpegCodec.Instance.Encode(TestPictures.Waves(width, height, model), new CodecSettings(20, subsampling));
        return ImageFile.Load(encoded.Bytes, "test.jpg");
    }
}
