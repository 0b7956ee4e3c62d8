using Unpress.Compression;
using Unpress.DataSets;
using Unpress.Files;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;

namespace Unpress.Tests.DataSets;

public sealed class PrepareJobTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-data-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_whole_set_is_laid_out_without_faults()
    {
        for (int i = 1; i <= 24; i++)
            Save(Scene(i), $"from/nested/kodim{i:D2}.png");
        var prepared = Prepare("kodak");
        Assert.Empty(prepared.Faults);
        Assert.Empty(prepared.Overlaps);
        Assert.Equal(24, prepared.Pictures.Count);
        Assert.Equal(File.ReadAllBytes(At("from/nested/kodim07.png")), File.ReadAllBytes(At("out/test/raw/kodim07.png")));
    }

    [Fact]
    public void What_is_missing_damaged_changed_or_twice_there_is_named_and_the_rest_laid_out()
    {
        foreach (int i in (int[])[1, 2, 4])
            Save(Scene(i), $"from/kodim{i:D2}.png");
        Assert.Contains("21 of 24 are missing: kodim03, kodim05", Assert.Single(Prepare("kodak").Faults), StringComparison.Ordinal);
        Save(Scene(9), "from/kodim01.png");
        Save(Scene(2), "from/more/kodim02.png");
        File.WriteAllText(At("from/kodim03.png"), "damaged");
        var again = Prepare("kodak");
        Assert.Contains(again.Faults, fault => fault.Contains("kodim02.png is there 2 times", StringComparison.Ordinal));
        Assert.Contains(again.Faults, fault => fault.Contains("kodim01.png: is no longer the file", StringComparison.Ordinal));
        Assert.Contains(again.Faults, fault => fault.Contains("kodim03.png", StringComparison.Ordinal) && !fault.Contains("missing", StringComparison.Ordinal));
        Assert.Equal(Scene(9).Data, ImageFile.Load(At("out/test/raw/kodim01.png")).Data);
    }

    [Fact]
    public void Splits_go_by_folder_where_the_set_has_them_in_folders()
    {
        Save(Scene(1), "from/images/train/1.png");
        Save(Scene(2), "from/images/test/2.png");
        var prepared = Prepare("bsds500");
        Assert.Equal([("train", "1.png"), ("test", "2.png")], prepared.Pictures.Select(picture => (picture.Split, picture.Name)));
        Assert.Contains("train: has 1 pictures, should have 200", prepared.Faults);
    }

    [Fact]
    public void Mirrors_come_out_the_same_again_and_name_their_encoder()
    {
        Save(Scene(1), "from/a.png");
        var prepared = Prepare(null, mirrors: [(JpegCodec.Instance, 10), (JpegCodec.Instance, 90)]);
        Assert.Equal([("jpeg", 10, JpegCodec.Instance.Encoder), ("jpeg", 90, JpegCodec.Instance.Encoder)],
            prepared.Mirrors.Select(mirror => (mirror.Codec, mirror.Quality, mirror.Encoder)));
        Assert.Equal(2, prepared.Mirrors[0].Tables.Count);
        Assert.StartsWith("80 55 50 80 120 200 255 255 60", prepared.Mirrors[0].Tables[0], StringComparison.Ordinal); // five times IJG's, below 256
        Assert.StartsWith("85 90 120 235", prepared.Mirrors[0].Tables[1], StringComparison.Ordinal);
        byte[] first = File.ReadAllBytes(At("out/all/jpeg-10/a.jpg")), manifest = File.ReadAllBytes(At("out/data.json"));
        File.Delete(At("out/all/jpeg-10/a.jpg"));
        Prepare(null, mirrors: [(JpegCodec.Instance, 10), (JpegCodec.Instance, 90)]);
        Assert.Equal(first, File.ReadAllBytes(At("out/all/jpeg-10/a.jpg")));
        Assert.Equal(manifest, File.ReadAllBytes(At("out/data.json")));
        Assert.Equal(10, Assert.Single(CompressManifest.Read(At("out/all/jpeg-10"))).Quality);
    }

    [Fact]
    public void A_copy_in_the_same_split_is_found()
    {
        Save(Scene(1), "from/1.png");
        Save(Scene(2), "from/2.png");
        Save(Scene(1), "from/copy of 1.png");
        var overlap = Assert.Single(Prepare(null).Overlaps);
        Assert.Equal(("all/1.png", "all/copy of 1.png", true), (overlap.First, overlap.Second, overlap.Exact));
    }

    [Fact]
    public void Nothing_to_lay_out_is_said_before_the_work()
    {
        Directory.CreateDirectory(At("from"));
        Assert.Contains("no pictures", Assert.Throws<InvalidFileException>(() => Prepare(null)).Message, StringComparison.Ordinal);
        Save(Scene(1), "from/1.png");
        Assert.Contains("no such folder", Assert.Throws<InvalidFileException>(() => Prepare(null, against: At("nowhere"))).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(At("out")));
        Assert.Contains("29 of 29 are missing", Assert.Single(Prepare("live1").Faults), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_laid_out_inside_the_folder_is_not_laid_out_again()
    {
        Save(Scene(1), "from/1.png");
        PreparedSet Inside() => new PrepareJob(new PrepareOptions
        {
            From = At("from"),
            Output = At("from/out"),
            Mirrors = [(JpegCodec.Instance, 10)],
        }).Run(default);
        Assert.Empty(Inside().Faults);
        var again = Inside();
        Assert.Empty(again.Faults);
        Assert.Equal("1.png", Assert.Single(again.Pictures).Source);
    }

    [Fact]
    public void A_copy_elsewhere_is_found_though_compressed_and_halved()
    {
        for (int i = 1; i <= 6; i++)
            Save(Scene(i), $"from/{i}.png");
        Save(Scene(3), "other/same.png");
        ImageFile.Save(Half(Scene(5)), Made("other/smaller.jpg"), new SaveOptions { Quality = 30 });
        Save(Scene(40), "other/another.png");
        var overlaps = Prepare(null, against: At("other")).Overlaps;
        Assert.Equal(
            [("all/3.png", At("other/same.png"), true), ("all/5.png", At("other/smaller.jpg"), false)],
            overlaps.Select(overlap => (overlap.First, overlap.Second, overlap.Exact)));
    }

    [Fact]
    public void Plain_pictures_resemble_only_themselves()
    {
        var white = new ImageBuffer(16, 16, ColourModel.Gray);
        var black = new ImageBuffer(32, 32, ColourModel.Gray);
        Assert.False(PictureFingerprint.Of(white).Resembles(PictureFingerprint.Of(black)));
        Assert.True(PictureFingerprint.Of(white).Resembles(PictureFingerprint.Of(white)));
    }

    private PreparedSet Prepare(string? set, IReadOnlyList<(ICodec, int)>? mirrors = null, string? against = null) => new PrepareJob(new PrepareOptions
    {
        Set = set is null ? null : KnownSet.All.Single(known => known.Name == set),
        From = At("from"),
        Output = At("out"),
        Mirrors = mirrors ?? [],
        Against = against is null ? [] : [against],
    }).Run(default);

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private string Made(string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(At(name))!);
        return At(name);
    }

    private void Save(ImageBuffer picture, string name) => ImageFile.Save(picture, Made(name));

    /// <summary>Blots of many sizes, as pictures have them: every seed others.</summary>
    private static ImageBuffer Scene(int seed)
    {
        var random = new Random(seed);
        var picture = new ImageBuffer(72, 64, ColourModel.Rgb);
        var blots = Enumerable.Range(0, 24).Select(_ => (X: random.Next(72), Y: random.Next(64), Size: random.Next(4, 24), Light: random.Next(256))).ToList();
        for (int y = 0; y < 64; y++)
        {
            for (int x = 0; x < 72; x++)
            {
                int light = blots.LastOrDefault(blot => Math.Abs(blot.X - x) + Math.Abs(blot.Y - y) < blot.Size, (X: 0, Y: 0, Size: 0, Light: 128)).Light;
                picture.Data.AsSpan(((y * 72) + x) * 3, 3).Fill((byte)light);
            }
        }

        return picture;
    }

    private static ImageBuffer Half(ImageBuffer picture)
    {
        var half = new ImageBuffer(picture.Width / 2, picture.Height / 2, ColourModel.Rgb);
        for (int y = 0; y < half.Height; y++)
        {
            for (int x = 0; x < half.Width; x++)
            {
                for (int band = 0; band < 3; band++)
                {
                    half.Data[(((y * half.Width) + x) * 3) + band] = (byte)((picture.Sample(2 * x, 2 * y, band) + picture.Sample((2 * x) + 1, 2 * y, band)
                        + picture.Sample(2 * x, (2 * y) + 1, band) + picture.Sample((2 * x) + 1, (2 * y) + 1, band) + 2) / 4);
                }
            }
        }

        return half;
    }
}
