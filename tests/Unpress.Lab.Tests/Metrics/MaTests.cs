using Unpress.Imaging;
using Unpress.Metrics;
using Unpress.Tests.Networks.Parity;
using Unpress.Torch;

namespace Unpress.Tests.Metrics;

/// <summary>Ma's features against an independent computation in NumPy, and its forests on ones made here: the published ones are not at hand.</summary>
public class MaTests
{
    private const int Width = 97, Height = 90;

    [Fact]
    public void Features_are_those_of_an_independent_computation()
    {
        var expected = ReferenceNumbers.All("ma").Select(part => part.EnumerateArray().Select(cell => cell.GetDouble()).ToArray()).ToArray();
        var features = MaFeatures.Of(Texture());
        Close(expected[0], features.Local, 1e-4);
        Close(expected[2], features.Spatial, 1e-8);
        // Shapes are places on a grid: two computations may fall on both sides of a step.
        Close(expected[1][..18], features.Global[..18], 0.0015);
        Close(expected[1][18..], features.Global[18..], 2e-5);
    }

    [Fact]
    public void A_forest_is_the_mean_of_its_trees_and_a_threshold_goes_left()
    {
        // Tree 1: x2 <= 0.5 ? 1 : (x1 <= 2 ? 5 : 9). Tree 2: 3 always.
        var forest = new RandomForest(
            [[2, 0, 4, 0, 0], [0]], [[3, 0, 5, 0, 0], [0]], [[2, 0, 1, 0, 0], [0]], [[0.5, 0, 2, 0, 0], [0]], [[0, 1, 0, 5, 9], [3]], 2);
        Assert.Equal(2, forest.Predict([7, 0.5]));
        Assert.Equal(4, forest.Predict([2, 0.6]));
        Assert.Equal(6, forest.Predict([2.1, 0.6]));
    }

    [Theory]
    [InlineData(1, 3, 1)] // back to itself
    [InlineData(2, 4, 1)] // beyond the last node
    [InlineData(2, 3, 3)] // a feature that there is not
    public void A_forest_that_leads_nowhere_is_refused(int left, int right, int feature) => Assert.Throws<ArgumentException>(
        () => new RandomForest([[left, 0, 0]], [[right, 0, 0]], [[feature, 0, 0]], [[0, 0, 0]], [[0, 1, 2]], 2));

    [Fact]
    public void A_model_is_read_out_of_its_file_and_weighs_its_forests()
    {
        using var files = new MaModelFile();
        var model = MaModel.Read(files.Path);
        // The forests answer 1 or 2 (first local feature above 0.7), 3, and 4 or 5 (last spatial feature not above 0.01).
        Assert.Equal(0.5 + (2 * 10) + (3 * 100) + (5 * 1000), model.Score(new([0.8, .. new double[17]], new double[45], [.. new double[74], 0.1])));
        Assert.Equal(0.5 + (1 * 10) + (3 * 100) + (4 * 1000), model.Score(new([0.7, .. new double[17]], new double[45], [.. new double[74], 0.01])));
    }

    [Fact]
    public void Flat_and_small_pictures_are_refused_before_the_model_is_needed()
    {
        var flat = new ImageBuffer(120, 120, ColourModel.Gray);
        Assert.Contains("ma needs a picture with texture",
            Assert.Throws<IncomparableException>(() => new Unpress.Metrics.Ma().Measure(flat)).Message, StringComparison.Ordinal);
        var small = TestPictures.Waves(83, 200);
        Assert.Contains("84 pixels", Assert.Throws<IncomparableException>(() => new Unpress.Metrics.Ma().Measure(small)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 21)]
    [InlineData(7, 7)]
    public void Enlarging_keeps_a_constant_and_is_the_identity_at_the_same_size(int from, int to)
    {
        var flat = new Raster(from, from, [.. Enumerable.Repeat(3.0, from * from)]);
        Assert.All(BicubicEnlarged.Of(flat, to, to).Values, value => Assert.Equal(3, value, 1e-12));
        var random = new Raster(from, from, [.. Enumerable.Range(0, from * from).Select(i => Math.Sin(i * i))]);
        if (from == to)
            Close(random.Values, BicubicEnlarged.Of(random, to, to).Values, 1e-12);
    }

    // The same as in tests/parity/metric_numbers.py.
    private static Raster Texture()
    {
        using var scope = TensorScope.Enter();
        float[] noise = Formula.Picture("ma", Height, Width).ToArray<float>();
        return new Raster(Width, Height, [.. noise.Select((value, i) => Level(i % Width, i / Width, (2 * (double)value) - 1))]);

        static double Level(double x, double y, double noise)
            => Math.Floor(120 + (50 * Math.Sin((x / 5) + (y / 11))) + (35 * Math.Cos((y / 3) - (x / 17))) + (30 * noise) + 0.5);
    }

    private static void Close(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"{i}: {actual[i]}, not {expected[i]}");
    }
}
