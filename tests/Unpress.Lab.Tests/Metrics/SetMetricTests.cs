using System.Text.Json;
using Unpress.Metrics;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Metrics;

public sealed class SetMetricTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-sets-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // Of full rank, and of fewer pictures than features.
    [Fact]
    public void Both_agree_with_the_formulas_in_numpy()
    {
        foreach (var example in ReferenceNumbers.All("sets"))
        {
            PictureSet a = Set(example, "a"), b = Set(example, "b");
            double fid = example.GetProperty("fid").GetDouble(), kid = example.GetProperty("kid").GetDouble();
            Assert.Equal(fid, new Fid().Measure(a, b), 1e-6 * fid);
            Assert.Equal(kid, new Kid().Measure(a, b), 1e-6 * kid);
            Assert.Equal(new Fid().Measure(a, b), new Fid().Measure(b, a), 1e-9 * fid);
        }
    }

    [Fact]
    public void A_set_is_no_distance_from_itself_even_where_its_covariance_is_singular()
    {
        foreach (var example in ReferenceNumbers.All("sets"))
        {
            double spread = Set(example, "b").Statistics.Covariance().Max();
            Assert.InRange(new Fid().Measure(Set(example, "b"), Set(example, "b")), 0, 1e-12 * spread);
        }
    }

    [Fact]
    public void A_merge_gives_the_distance_of_the_whole()
    {
        var example = ReferenceNumbers.All("sets")[0];
        float[][] rows = Rows(example, "a");
        PictureSet first = Of(rows[..11]), second = Of(rows[11..]), whole = Of(rows), other = Set(example, "b");
        string file = Path.Combine(_folder, "second.npz");
        second.Statistics.Save(file);
        first.Merge(PictureSet.Read(file));
        Assert.Equal(new Fid().Measure(whole, other), new Fid().Measure(first, other), 1e-9);
        Assert.Empty(first.Sample);
        Assert.Contains("statistics alone", Assert.Throws<IncomparableException>(() => new Kid().Measure(first, other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Features_are_read_from_a_file_of_one_array()
    {
        var example = ReferenceNumbers.All("sets")[0];
        float[][] rows = Rows(example, "a");
        string file = Path.Combine(_folder, "features.npz");
        NumpyArchive.Save(file, [StoredDoubles.Of("features", [.. rows.SelectMany(row => row).Select(value => (double)value)], rows.Length, rows[0].Length)]);
        var read = PictureSet.Read(file);
        Assert.Equal(rows.Length, read.Sample.Count);
        Assert.InRange(new Fid().Measure(read, Of(rows)), 0, 1e-10);
    }

    [Fact]
    public void One_picture_and_features_of_other_sizes_are_refused()
    {
        var example = ReferenceNumbers.All("sets")[0];
        Assert.Contains("two pictures", Assert.Throws<IncomparableException>(
            () => new Fid().Measure(Of(Rows(example, "a")[..1]), Set(example, "b"))).Message, StringComparison.Ordinal);
        var other = Set(ReferenceNumbers.All("sets")[1], "a");
        foreach (var metric in MetricCatalog.Sets)
            Assert.Contains("do not compare", Assert.Throws<IncomparableException>(() => metric.Measure(Set(example, "a"), other)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_stays_within_its_size_and_holds_late_vectors_too()
    {
        var set = new PictureSet(1);
        for (int i = 0; i < 2 * PictureSet.SampleSize; i++)
            set.Add([i]);
        Assert.Equal(PictureSet.SampleSize, set.Sample.Count);
        Assert.Equal(2 * PictureSet.SampleSize, set.Statistics.Count);
        Assert.InRange(set.Sample.Count(vector => vector[0] >= PictureSet.SampleSize), PictureSet.SampleSize * 0.4, PictureSet.SampleSize * 0.6);
    }

    [Fact]
    public void The_page_on_metrics_has_a_row_for_each() => Assert.All(MetricCatalog.Sets, metric =>
        Assert.Contains(File.ReadLines(RepoPaths.Combine("docs", "metrics.md")), line => line.StartsWith($"| `{metric.Name}` |", StringComparison.Ordinal)));

    private static PictureSet Set(JsonElement example, string name) => Of(Rows(example, name));

    private static float[][] Rows(JsonElement example, string name)
        => [.. ReferenceNumbers.Rows(example.GetProperty(name)).Select(row => Array.ConvertAll(row, value => (float)value))];

    private static PictureSet Of(float[][] rows)
    {
        var set = new PictureSet(rows[0].Length);
        foreach (float[] row in rows)
            set.Add(row);
        return set;
    }
}
