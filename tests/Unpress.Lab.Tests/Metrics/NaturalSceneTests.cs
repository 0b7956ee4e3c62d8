using System.Globalization;
using Unpress.Imaging;
using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

/// <summary>NIQE and BRISQUE: agreement with official scores, refusals, and parameters of one's own.</summary>
public sealed class NaturalSceneTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-fit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // The official scores carry the rounding noise of flat areas; the derived ones have it snapped to zero, as ours.
    [SharedDataTheory("weights/niqe")]
    [InlineData("official", 0.01, 0)]
    [InlineData("niqe_gray_snap", 1e-4, 0)]
    public void Niqe_agrees(string row, double relative, double absolute)
        => Agrees(new Niqe(SharedData.Path("weights", "niqe", "niqe_pris_params.npz")), row == "official" ? "niqe" : row, relative, absolute);

    [SharedDataFact("weights/niqe")]
    public void The_half_of_the_perceptual_index_that_is_Niqe_agrees()
    {
        var niqe = new Niqe(SharedData.Path("weights", "niqe", "niqe_pris_params.npz"));
        Agrees(image => niqe.Score(PerceptualIndex.Seen(image), "pi"), "niqe_y_studio_uint8_crop4_snap", 1e-4, 0);
    }

    [SharedDataTheory("weights/brisque")]
    [InlineData("official", 0.08, 0.01)]
    [InlineData("brisque_gray_snap", 1e-4, 1e-4)]
    public void Brisque_agrees(string row, double relative, double absolute)
    {
        var metric = new Brisque("brisque", SharedData.Path("weights", "brisque", "allmodel"), SharedData.Path("weights", "brisque", "allrange"));
        Agrees(metric, row == "official" ? "brisque" : row, relative, absolute);
    }

    [Fact]
    public void Halving_agrees_with_the_filter_written_out()
    {
        // imresize(x, 0.5) of a ramp with a step, by the definition: Keys' kernel widened by two, weights brought to a sum of one.
        double[] line = [0, 1, 2, 3, 4, 40, 41, 42, 43];
        var half = BicubicHalf.Of(new Raster(line.Length, 1, line));
        Assert.Equal((5, 1), (half.Width, half.Height));
        for (int x = 0; x < half.Width; x++)
        {
            double centre = (2 * x) + 0.5, sum = 0, weights = 0;
            for (int k = -12; k < 24; k++)
            {
                double weight = Keys((centre - k) / 2);
                int place = k < 0 ? -1 - k : k >= line.Length ? (2 * line.Length) - 1 - k : k;
                if (place < 0 || place >= line.Length)
                    continue;
                sum += weight * line[place];
                weights += weight;
            }

            Assert.Equal(sum / weights, half.Values[x], 1e-12);
        }
    }

    [Fact]
    public void A_fit_finds_the_shape_its_sample_has()
    {
        // Laplace and normal quantiles have the shapes 1 and 2.
        const int Count = 200_001;
        double[] laplace = [.. Enumerable.Range(1, Count).Select(i => 2.0 * i / (Count + 1) - 1).Select(p => -Math.Sign(p) * Math.Log(1 - Math.Abs(p)))];
        var fit = AsymmetricFit.Of(new Raster(Count, 1, laplace), 0, 0, Count, 1);
        Assert.Equal(1, fit.Shape, 0.003);
        Assert.Equal(fit.Left, fit.Right, 1e-9);
        Assert.Equal(Math.Sqrt(2), fit.Right, 0.003);
        Assert.Equal(0, fit.Mean, 1e-9);
    }

    [Fact]
    public void Neighbours_go_around_the_ends_of_the_block()
    {
        var raster = new Raster(4, 3, [9, 9, 9, 9, 9, 1, 2, 9, 9, -3, 4, 9]);
        // Block [1 2; -3 4]; x[i, j]·x[i, j − 1]: 2, 2, −12, −12.
        var fit = AsymmetricFit.OfProducts(raster, 1, 1, 2, 2, 0, 1);
        Assert.Equal((12, 2), (fit.Left, fit.Right));
        // x[i, j]·x[i − 1, j + 1]: 1·4, 2·−3, −3·2, 4·1.
        fit = AsymmetricFit.OfProducts(raster, 1, 1, 2, 2, 1, -1);
        Assert.Equal((6, 4), (fit.Left, fit.Right));
    }

    [Fact]
    public void What_has_no_score_is_refused_with_the_reason()
    {
        var niqe = new Niqe();
        Refuses(niqe, TestPictures.Waves(95, 300), "96 pixels");
        Refuses(niqe, TestPictures.Waves(180, 180), "two blocks");
        Refuses(niqe, new ImageBuffer(200, 200, ColourModel.Gray), "texture");
        Refuses(niqe, new ImageBuffer(200, 200, ColourModel.Cmyk), "CMYK");
        var brisque = Fitted();
        Refuses(brisque, new ImageBuffer(64, 64, ColourModel.Gray), "flat");
        Refuses(brisque, TestPictures.Waves(15, 40), "16 pixels");

        static void Refuses(INoReferenceMetric metric, ImageBuffer image, string word)
            => Assert.Contains(word, Assert.Throws<IncomparableException>(() => metric.Measure(image)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Niqe_fitted_to_pictures_finds_such_pictures_good_and_damaged_ones_bad()
    {
        var fit = new NiqeFit();
        for (int seed = 1; seed <= 6; seed++)
            fit.Add(TestPictures.Waves(400, 300, seed: seed));
        Assert.True(fit.Blocks > 36);
        string file = Path.Combine(_folder, "mine.npz");
        fit.Save(file);
        var niqe = Assert.IsType<Niqe>(MetricCatalog.Find($"niqe={file}"));
        Assert.Equal("niqe=mine", niqe.Name);
        var fresh = TestPictures.Waves(400, 300, seed: 9);
        double good = niqe.Measure(fresh), bad = niqe.Measure(TestPictures.WithNoise(fresh, 30));
        Assert.True(good > 0 && good < bad, $"{good} is not below {bad}");

        // One picture's blocks give no covariance of full rank.
        var small = new NiqeFit();
        small.Add(TestPictures.Waves(400, 300));
        Assert.Contains("add pictures", Assert.Throws<InvalidOperationException>(() => small.Save(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Brisque_fitted_to_pictures_orders_damage()
    {
        var brisque = Fitted();
        var fresh = GrayDamage.Gray(TestPictures.Waves(96, 80, seed: 20));
        double[] scores = [.. new[] { 0, 8, 50 }.Select(noise => brisque.Measure(TestPictures.WithNoise(fresh, noise)))];
        Assert.Equal(scores.Order(), scores);
        Assert.Equal(0, scores[0], 8.0);
    }

    private Brisque Fitted()
    {
        var fit = new BrisqueFit();
        for (int seed = 1; seed <= 4; seed++)
            fit.AddPristine(TestPictures.Waves(96, 80, seed: seed));
        string file = Path.Combine(_folder, "mine.svm");
        fit.Save(file);
        return Assert.IsType<Brisque>(MetricCatalog.Find($"brisque={file}"));
    }

    private static void Agrees(INoReferenceMetric metric, string row, double relative, double absolute) => Agrees(metric.Measure, row, relative, absolute);

    private static void Agrees(Func<ImageBuffer, double> measure, string row, double relative, double absolute)
    {
        string source = row.EndsWith("_snap", StringComparison.Ordinal) ? "derived" : "official";
        string[] cells = File.ReadLines(SharedData.Path("metrics", "expected.csv")).Select(line => line.Split(','))
            .Single(line => line[0] == row && line[1] == source);
        foreach (var (name, cell) in new[] { "I03", "I04", "I06" }.Zip(cells[4..7]))
        {
            double expected = double.Parse(cell, CultureInfo.InvariantCulture);
            Assert.Equal(expected, measure(ImageFile.Load(SharedData.Path("metrics", "dist", $"{name}.png"))), absolute + (relative * Math.Abs(expected)));
        }
    }

    private static double Keys(double x)
    {
        x = Math.Abs(x);
        return x <= 1 ? (1.5 * x * x * x) - (2.5 * x * x) + 1 : x <= 2 ? (-0.5 * x * x * x) + (2.5 * x * x) - (4 * x) + 2 : 0;
    }
}
