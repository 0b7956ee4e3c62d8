using System.IO.Compression;
using Unpress.Metrics;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Metrics;

public sealed class FeatureStatisticsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-statistics-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void One_after_the_other_gives_what_the_definition_gives()
    {
        double[][] vectors = Vectors(50, 7);
        var statistics = Of(vectors);
        double[] covariance = statistics.Covariance();
        for (int i = 0; i < 7; i++)
        {
            double mean = vectors.Average(vector => vector[i]);
            Assert.Equal(mean, statistics.Mean[i], 1e-9);
            for (int k = 0; k < 7; k++)
            {
                double other = vectors.Average(vector => vector[k]);
                Assert.Equal(vectors.Sum(vector => (vector[i] - mean) * (vector[k] - other)) / 49, covariance[(i * 7) + k], 1e-9);
            }
        }
    }

    [Fact]
    public void Parts_merged_and_files_read_back_are_the_whole()
    {
        double[][] vectors = Vectors(40, 9);
        string file = Path.Combine(_folder, "part.npz");
        Of(vectors[..13]).Save(file);
        var merged = FeatureStatistics.Read(file);
        merged.Merge(Of(vectors[13..]));
        var whole = Of(vectors);
        Assert.Equal(whole.Count, merged.Count);
        Assert.Equal(whole.Mean, merged.Mean, (a, b) => Math.Abs(a - b) < 1e-10);
        Assert.Equal(whole.Covariance(), merged.Covariance(), (a, b) => Math.Abs(a - b) < 1e-10);
    }

    [Fact]
    public void A_file_of_others_has_no_count_and_is_not_merged()
    {
        string ours = Path.Combine(_folder, "ours.npz"), theirs = Path.Combine(_folder, "theirs.npz");
        var whole = Of(Vectors(20, 5));
        whole.Save(ours);
        using (var file = WeightFile.Open(ours))
            NumpyArchive.Save(theirs, file.Tensors.Where(tensor => tensor.Name != "count"));
        var read = FeatureStatistics.Read(theirs);
        Assert.Equal(0, read.Count);
        Assert.Equal(whole.Covariance(), read.Covariance());
        Assert.Throws<InvalidOperationException>(() => whole.Merge(read));
        Assert.Throws<InvalidOperationException>(() => read.Merge(whole));
    }

    // Bytes as numpy.savez_compressed writes them: deflated, version 1, float32, by columns.
    [Fact]
    public void Arrays_of_numpy_are_read_and_others_are_refused()
    {
        string path = Path.Combine(_folder, "made.npz");
        Make(path, "{'descr': '<f4', 'fortran_order': True, 'shape': (2,), }", [0, 0, 128, 63, 0, 0, 0, 192]);
        using (var file = WeightFile.Open(path))
            Assert.Equal([1f, -2f], file["x"].ToTensor().ToArray<float>());
        Make(path, "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 4), }", [1, 5, 2, 6, 3, 7, 4, 8]);
        using (var file = WeightFile.Open(path))
            Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], file["x"].Bytes.ToArray());
        (string, string)[] others =
        [
            ("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", "|O"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "shape"), ("{'descr': [('a', '<f4')]}", "head"),
        ];
        foreach (var (head, word) in others)
        {
            Make(path, head, [0, 0, 128, 63, 0, 0, 0, 192]);
            Assert.Contains(word, Assert.Throws<WeightsFormatException>(() => WeightFile.Open(path)).Message, StringComparison.Ordinal);
        }
    }

    private static void Make(string path, string head, byte[] numbers)
    {
        File.Delete(path);
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        using var stream = zip.CreateEntry("x.npy", CompressionLevel.Optimal).Open();
        head = head.PadRight(117) + "\n";
        stream.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)head.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(head), .. numbers]);
    }

    private static FeatureStatistics Of(double[][] vectors)
    {
        var statistics = new FeatureStatistics(vectors[0].Length);
        foreach (double[] vector in vectors)
            statistics.Add(vector);
        return statistics;
    }

    private static double[][] Vectors(int count, int dimensions)
    {
        var random = new Random(4);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, dimensions).Select(i => (3 * i) + random.NextDouble()).ToArray())];
    }
}
