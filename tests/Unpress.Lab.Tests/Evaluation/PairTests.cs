using Unpress.Evaluation;
using Unpress.Imaging;
using Unpress.Metrics;
using Unpress.Tests.Metrics;

namespace Unpress.Tests.Evaluation;

public class PairTests
{
    private static readonly ImageBuffer Picture = TestPictures.Waves(32, 24);

    [Fact]
    public void Folders_are_paired_by_path_without_extension_and_the_rest_is_listed()
    {
        using var files = new PictureFiles();
        foreach (string name in new[] { "ref/b.jpg", "ref/a.jpg", "ref/sub/a.jpg", "ref/only.jpg", "ref/twice.jpg", "ref/twice.jpeg" })
            files.Add(name, Picture);
        foreach (string name in new[] { "out/a.jpeg", "out/b.jpg", "out/sub/a.jpg", "out/extra.jpg", "out/twice.jpg" })
            files.Add(name, Picture);
        files.AddText("ref/notes.txt", "not a picture");

        var pairing = PicturePairing.Find(files.PathOf("ref"), files.PathOf("out"));

        Assert.Equal(["a", "b", Path.Combine("sub", "a")], pairing.Pairs.Select(pair => pair.Name));
        Assert.Equal(files.PathOf("ref/a.jpg"), pairing.Pairs[0].Reference);
        Assert.Equal(files.PathOf("out/a.jpeg"), pairing.Pairs[0].Image);
        Assert.Equal(
            ["out/extra.jpg", "out/twice.jpg", "ref/only.jpg", "ref/twice.jpeg", "ref/twice.jpg"],
            pairing.Unmatched.Select(one => Path.GetRelativePath(files.Folder, one.Path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_files_are_a_pair_whatever_their_names_and_a_file_and_a_folder_are_not()
    {
        using var files = new PictureFiles();
        string one = files.Add("one.jpg", Picture), two = files.Add("two.jpg", Picture);
        Assert.Equal(new PicturePaths("two", one, two), Assert.Single(PicturePairing.Find(one, two).Pairs));
        Assert.Throws<ArgumentException>(() => PicturePairing.Find(one, files.Folder));
        Assert.Contains("no.jpg", Assert.Throws<FileNotFoundException>(() => PicturePairing.Find(one, files.PathOf("no.jpg"))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_pair_that_fails_names_its_file_and_does_not_stop_the_others()
    {
        using var files = new PictureFiles();
        string good = files.Add("good.jpg", Picture), small = files.Add("small.jpg", TestPictures.Waves(16, 16));
        string text = files.AddText("text.jpg", "this is not a picture at all, whatever its name says");
        PicturePaths[] pairs = [new("t", good, text), new("g", good, good), new("s", good, small)];
        int done = 0;

        var results = PairMeasurement.Run(pairs, MetricCatalog.Default, _ => Interlocked.Increment(ref done), CancellationToken.None);

        Assert.Equal(3, done);
        Assert.Contains(text, results[0].Error, StringComparison.Ordinal);
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity, 1, 1], results[1].Values!.Take(4), Tolerant);
        Assert.Contains(small, results[2].Error, StringComparison.Ordinal);
        Assert.Contains("32x24", results[2].Error, StringComparison.Ordinal);
        Assert.Contains("16x16", results[2].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metric_that_is_not_defined_leaves_the_others_their_values()
    {
        using var files = new PictureFiles();
        string file = files.Add("a.jpg", Picture);
        var result = Assert.Single(
            PairMeasurement.Run([new("a", file, file)], MetricCatalog.FindAll(["psnr", "ms-ssim", "ssim"]), null, CancellationToken.None));
        Assert.Equal([double.PositiveInfinity, double.NaN, 1], result.Values!, Tolerant);
        Assert.Contains("ms-ssim needs at least 176", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cancelling_stops_the_work()
    {
        using var files = new PictureFiles();
        string file = files.Add("a.jpg", Picture);
        using var cancellation = new CancellationTokenSource();
        PicturePaths[] pairs = [.. Enumerable.Repeat(new PicturePaths("a", file, file), 200)];
        Assert.Throws<OperationCanceledException>(
            () => PairMeasurement.Run(pairs, MetricCatalog.Default, _ => cancellation.Cancel(), cancellation.Token));
    }

    private static bool Tolerant(double expected, double actual) => expected.Equals(actual) || Math.Abs(expected - actual) < 1e-9;
}
