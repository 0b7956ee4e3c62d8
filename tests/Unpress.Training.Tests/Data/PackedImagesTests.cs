using System.Globalization;
using Unpress.Compression;
using Unpress.Data;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Tests.Data;

public sealed class PackedImagesTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Pixels_come_back_as_they_were_in_the_files(bool preload)
    {
        using var pictures = new TrainingPictures((40, 30, 3), (33, 50, 1));
        using var pack = pictures.Open(preload: preload);
        Assert.Equal(2, pack.Count);
        Assert.Equal((40, 30, 3), (pack[0].Width, pack[0].Height, pack[0].Bands));
        Assert.Equal((33, 50, 1), (pack[1].Width, pack[1].Height, pack[1].Bands));
        Assert.True(pack.Pixels(0).SequenceEqual(TrainingPictures.Pixels(40, 30, 3, 0)));
        Assert.True(pack.Pixels(1).SequenceEqual(TrainingPictures.Pixels(33, 50, 1, 1)));
    }

    [Fact]
    public void A_part_of_a_folder_is_spread_evenly_over_it()
    {
        using var pictures = new TrainingPictures([.. Enumerable.Repeat((20, 20, 3), 10)]);
        using var pack = PackedImages.Open([new TrainingFolder { Path = pictures.Folder, Pictures = 4 }], 1, pictures.Cache, TrainingPictures.Decode);
        Assert.Equal(["00.ppm", "02.ppm", "05.ppm", "07.ppm"], Enumerable.Range(0, pack.Count).Select(i => Path.GetFileName(pack[i].Path)));
        using var all = PackedImages.Open([new TrainingFolder { Path = pictures.Folder, Pictures = 40 }], 1, pictures.Cache, TrainingPictures.Decode);
        Assert.Equal(10, all.Count);
    }

    [Fact]
    public void What_would_not_fit_the_disk_is_refused_before_the_work()
    {
        using var pictures = new TrainingPictures([.. Enumerable.Repeat((30, 20, 3), 100)]);
        long needed = PackBuilder.Estimate(PackBuilder.Find([new TrainingFolder { Path = pictures.Folder }]).Sources, TrainingPictures.Decode);
        Assert.Equal(100 * 30 * 20 * 3, needed);
        PackBuilder.CheckRoom("cache", 100, needed, free: needed + 1);
        var refusal = Assert.Throws<InvalidFileException>(() => PackBuilder.CheckRoom("cache", 1_281_167, 700_000_000_000, free: 77_000_000_000));
        Assert.Contains("has 77.0 GB free, and 1,281,167 training pictures take about 700.0 GB", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Small_pictures_are_left_out_after_halving()
    {
        using var pictures = new TrainingPictures((80, 80, 3), (60, 90, 3));
        using var pack = pictures.Open(minSize: 40, halve: true);
        Assert.Equal(1, pack.Count);
        Assert.Equal((40, 40), (pack[0].Width, pack[0].Height));
    }

    [Fact]
    public void Whole_pictures_are_brought_to_one_size_whatever_their_shape()
    {
        using var pictures = new TrainingPictures((80, 40, 3), (30, 90, 1));
        using var pack = pictures.Open(side: 24);
        Assert.All(Enumerable.Range(0, 2), i => Assert.Equal((24, 24), (pack[i].Width, pack[i].Height)));
        byte[] expected = Resampler.Resize(TrainingPictures.Pixels(80, 40, 3, 0), 80, 40, 3, 24, 24, ResamplingKernel.Bilinear);
        Assert.True(pack.Pixels(0).SequenceEqual(expected));
        using var asTheyAre = pictures.Open();
        Assert.NotEqual(pack.Path, asTheyAre.Path);
    }

    [Fact]
    public void The_pack_is_built_once_and_again_when_a_file_changes()
    {
        using var pictures = new TrainingPictures((40, 30, 3));
        string first, fingerprint;
        using (var pack = pictures.Open())
            (first, fingerprint) = (pack.Path, pack.Fingerprint);
        var built = File.GetLastWriteTimeUtc(first);
        using (var pack = pictures.Open())
        {
            Assert.Equal(first, pack.Path);
            Assert.Equal(built, File.GetLastWriteTimeUtc(first));
            Assert.Equal(fingerprint, pack.Fingerprint);
        }

        pictures.Write("00", 40, 31, 3, 7);
        using var changed = pictures.Open();
        Assert.NotEqual(first, changed.Path);
        Assert.NotEqual(fingerprint, changed.Fingerprint);
        Assert.Equal(31, changed[0].Height);
    }

    [Fact]
    public void A_damaged_pack_is_named_and_nothing_is_left_of_a_failed_one()
    {
        using var pictures = new TrainingPictures((40, 30, 3));
        string path;
        using (var pack = pictures.Open())
            path = pack.Path;
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^5]);
        Assert.Contains(path, Assert.Throws<InvalidFileException>(() => pictures.Open()).Message, StringComparison.Ordinal);
        File.Delete(path);
        Assert.Throws<InvalidFileException>(() => pictures.Open(minSize: 1000));
        Assert.Empty(Directory.GetFiles(pictures.Cache));
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var e = Assert.Throws<InvalidFileException>(
            () => PackedImages.Open([new TrainingFolder { Path = "/no/such" }], 1, Path.GetTempPath(), TrainingPictures.Decode));
        Assert.Contains("/no/such", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_cannot_be_decoded_stops_the_pack_and_says_why()
    {
        using var pictures = new TrainingPictures((40, 30, 3));
        var e = Assert.Throws<InvalidFileException>(() => PackedImages.Open(
            [new TrainingFolder { Path = pictures.Folder }], 1, pictures.Cache, path => throw new InvalidFileException(path, "is broken")));
        Assert.EndsWith("00.ppm: is broken", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(pictures.Cache));
    }

    [Fact]
    public void Compressed_copies_beside_the_originals_are_passed_over_and_counted()
    {
        using var pictures = new TrainingPictures((40, 30, 3), (20, 50, 3));
        Compress(pictures, "jpeg-10");
        Compress(pictures, "jpeg-40");
        foreach (string name in (string[])["00.hevc", "00.png", "01.hevc"]) // two copies, of one the decoded picture, too
            File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(Path.Combine(pictures.Folder, "hevc-37")).FullName, name), [1]);
        File.WriteAllText(Path.Combine(pictures.Folder, "hevc-37", CompressedCopies.ManifestName), "[]");

        using var pack = pictures.Open(minSize: 30);

        Assert.Equal(1, pack.Count);
        Assert.Equal("1 pictures; passed over: 6 compressed copies, 1 smaller than 30 pixels or in CMYK", pack.Summary);
    }

    [Theory]
    [InlineData("compress.json", "holds compressed copies")]
    [InlineData("data.json", "name one part of it")]
    public void A_folder_that_is_not_of_originals_is_refused(string manifest, string reason)
    {
        using var pictures = new TrainingPictures((40, 30, 3));
        File.WriteAllText(Path.Combine(pictures.Folder, manifest), "[]");

        var refusal = Assert.Throws<InvalidFileException>(() => pictures.Open());

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(pictures.Folder, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pictures_in_CMYK_are_left_out()
    {
        using var pictures = new TrainingPictures((40, 30, 3), (41, 31, 3));

        using var pack = PackedImages.Open(
            [new TrainingFolder { Path = pictures.Folder }], 1, pictures.Cache,
            path => path.EndsWith("00.ppm", StringComparison.Ordinal) ? new ImageBuffer(40, 30, ColourModel.Cmyk) : TrainingPictures.Decode(path));

        Assert.Equal((1, 41), (pack.Count, pack[0].Width));
        Assert.Contains("1 smaller than 1 pixels or in CMYK", pack.Summary, StringComparison.Ordinal);
    }

    private static void Compress(TrainingPictures pictures, string folder)
    {
        int quality = int.Parse(folder[5..], CultureInfo.InvariantCulture);
        new CompressJob(
            [.. Directory.GetFiles(pictures.Folder)], recursive: false, Path.Combine(pictures.Folder, folder),
            new CompressOptions { Codec = CodecList.Find("jpeg"), Quality = quality }).Run();
    }

    [SharedDataFact("train")]
    public void No_test_picture_is_among_the_training_pictures()
    {
        static IEnumerable<string> Names(string folder) =>
            Directory.EnumerateFiles(SharedData.Path(folder), "*", SearchOption.AllDirectories).Select(file => Path.GetFileNameWithoutExtension(file)!);
        Assert.Empty(Names("train").Intersect(Names("test"), StringComparer.OrdinalIgnoreCase));
    }
}
