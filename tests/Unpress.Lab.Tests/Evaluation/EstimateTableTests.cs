using System.Text.Json.Nodes;
using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Tests.Metrics;
using Unpress.Torch;

namespace Unpress.Tests.Evaluation;

public class EstimateTableTests
{
    [Fact]
    public void Each_picture_is_seen_at_each_quality_and_as_it_is()
    {
        using var files = new PictureFiles();
        string[] names =
        [
            files.Add("a.jpg", TestPictures.Waves(48, 40)), files.Add("b.jpg", TestPictures.Waves(33, 40, ColourModel.Gray)), files.AddText("c.jpg", "none"),
        ];
        using var network = Predictor();
        var table = EstimateTable.Run(names, [10, 90], network, null, CancellationToken.None);

        Assert.Equal([("a", 10), ("a", 90), ("a", null), ("b", 10), ("b", 90), ("b", null)], table.Rows.Select(row => (row.Image, row.Quality)));
        Assert.Contains(names[2], Assert.Single(table.Errors), StringComparison.Ordinal);
        Assert.True(table.HasClasses);
        using var noGrad = Autograd.NoGrad();
        var picture = ImageFile.Load(names[0]);
        float expected = (float)network.PredictQuality(Unpress.Data.ImageTensor.Read(picture)).Item();
        Assert.Equal(expected, table.Rows[2].Found, 1e-3);
        Assert.All(table.Rows, row => Assert.Equal(Favourite, row.Class));
    }

    [Fact]
    public void Means_are_of_the_rows_and_originals_count_as_100()
    {
        var figures = EstimateFigures.Of([new("a", 10, 13, 10), new("b", 10, 4, 11), new("a", null, 94, 100), new("b", null, 100, 99)]);
        Assert.Equal(new EstimateFigures(4, 52.75, (3 + 6 + 6 + 0) / 4.0, 0.5, 0.5), figures);
    }

    [Fact]
    public void Without_classes_the_nearest_whole_number_is_the_answer()
    {
        Assert.True(new EstimateRow("a", 30, 30.4, null).IsExact);
        Assert.False(new EstimateRow("a", 30, 30.6, null).IsExact);
    }

    [Fact]
    public void A_network_that_tells_no_quality_is_refused()
    {
        using var network = DagnAutoEncoder.Entry.Create(
            new JsonObject { ["encoderWidth"] = 2, ["encoderBlocks"] = new JsonArray(1, 1, 1, 1), ["decoderWidth"] = 64 });
        Assert.Throws<ArgumentException>(() => EstimateTable.Run([], [10], network, null, CancellationToken.None));
    }

    private const int Favourite = 73;

    /// <summary>Its features hardly matter: a bias makes one class the most likely.</summary>
    private static DagnAutoEncoder Predictor()
    {
        var network = new DagnAutoEncoder(
            new DagnAutoEncoderOptions { EncoderWidth = 2, EncoderBlocks = [1, 1, 1, 1], DecoderWidth = 64, PredictsQuality = true });
        network.Eval();
        using var noGrad = Autograd.NoGrad();
        float[] bias = new float[DagnQualityPredictor.Classes];
        bias[Favourite - 1] = 8;
        network.NamedParameters().Single(entry => entry.Name == "quality.layers.2.bias").Tensor.Copy(Tensor.From(bias, bias.Length));
        return network;
    }
}
