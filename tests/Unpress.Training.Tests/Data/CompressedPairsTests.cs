using Unpress.Compression;
using Unpress.Data;
using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Patches;
using Unpress.Recipes;
using Unpress.Training;

namespace Unpress.Tests.Data;

/// <summary>Patches cut from pictures that were compressed as a whole.</summary>
public sealed class CompressedPairsTests : IDisposable
{
    private const int Size = 32;

    private static readonly ICodec Codec = CodecList.Find("webp");

    private readonly string _root = Directory.CreateTempSubdirectory("unpress-pairs-").FullName;

    public CompressedPairsTests()
    {
        Directory.CreateDirectory(Path.Combine(Raw, "below"));
        Save("a", 150, 90, 1);
        Save("below/b", 64, 130, 2);
        foreach (int setting in new[] { 20, 60 })
            Compress(setting, $"webp-{setting}");
    }

    private string Raw => Path.Combine(_root, "raw");

    private string Template => Path.Combine(_root, "{codec}-{setting}");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Both_patches_are_cut_from_the_whole_pictures_at_one_place_and_turned_alike()
    {
        using var pack = Pack();
        using var pairs = Open(pack)!;
        var sampler = Sampler(pack, pairs, new CompressionOptions { Quality = new() { List = [20, 60], Uniform = 0 }, Aligned = 0.5, Raw = 0.1 });
        var seen = new HashSet<(int, int)>();
        for (int i = 0; i < 200; i++)
        {
            byte[] x = new byte[sampler.PatchBytes], y = new byte[sampler.PatchBytes], expected = new byte[x.Length];
            var facts = sampler.Sample(i, x, y);
            var done = facts.Degradation;
            seen.Add((facts.Image, done.Quality));

            Cut(Load(facts, null), facts, expected);
            Assert.Equal(expected, y);
            Cut(Load(facts, done.Compressed ? done.Quality : null), facts, expected);
            Assert.Equal(expected, x);
        }

        Assert.Equal(6, seen.Count); // two pictures; 20, 60 and uncompressed
    }

    [Fact]
    public void Aligned_patches_begin_on_the_coding_units_of_the_codec()
    {
        using var pack = Pack();
        using var pairs = Open(pack)!;
        var sampler = Sampler(pack, pairs, new CompressionOptions { Quality = new() { List = [20], Uniform = 0 }, Aligned = 1 });
        var places = Enumerable.Range(0, 100).Select(i => sampler.Sample(i, new byte[sampler.PatchBytes], new byte[sampler.PatchBytes])).ToList();
        Assert.All(places, facts => Assert.Equal((0, 0), (facts.Left % Codec.CodingUnit, facts.Top % Codec.CodingUnit)));
        Assert.True(places.Select(facts => (facts.Image, facts.Left, facts.Top)).Distinct().Count() > 10);
        Assert.Equal(64, CodecList.Find("hevc").CodingUnit);
    }

    [Fact]
    public void A_copy_that_is_missing_or_of_other_settings_or_size_is_named()
    {
        using var pack = Pack();
        var missing = Assert.Throws<InvalidFileException>(() => Open(pack, 40));
        Assert.Contains("unpress compress", missing.Message, StringComparison.Ordinal);

        Compress(60, "webp-30");
        Assert.Contains("with webp at 60, the recipe with webp at 30", Assert.Throws<InvalidFileException>(() => Open(pack, 30)).Message,
            StringComparison.Ordinal);

        string copy = Path.Combine(_root, "webp-20", "a.webp");
        File.Copy(Path.Combine(_root, "webp-20", "below", "b.webp"), copy, overwrite: true);
        Assert.Contains("is 64×130", Assert.Throws<InvalidFileException>(() => Open(pack, 20)).Message, StringComparison.Ordinal);

        File.Delete(copy);
        Assert.Contains("has no compressed copy", Assert.Throws<InvalidFileException>(() => Open(pack, 20)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_without_copies_have_no_pairs()
    {
        using var pack = Pack();
        Assert.Null(CompressedPairs.Open([new TrainingFolder { Path = Raw }], pack, Codec, [20], Path.Combine(_root, "cache")));
    }

    [Fact]
    public void A_history_takes_its_share_of_copies_where_a_folder_names_them_and_saves_the_others_itself()
    {
        string other = Path.Combine(_root, "other");
        Directory.CreateDirectory(other);
        File.Copy(Path.Combine(Raw, "a.png"), Path.Combine(other, "c.png"));
        TrainingFolder[] folders = [new() { Path = other }, new() { Path = Raw, Copies = Template }];
        using var pack = PackedImages.Open(folders, 1, Path.Combine(_root, "cache"), path => ImageFile.Load(path));
        using var pairs = CompressedPairs.Open(folders, pack, Codec, [20, 60], Path.Combine(_root, "cache"))!;
        Assert.Equal([false, true, true], [.. Enumerable.Range(0, 3).Select(pairs.Has)]);
        var options = new HistoryOptions
        {
            Once = 0.95,
            Light = 0,
            First = new() { List = [33], Uniform = 0 },
            Copies = new() { Codec = "webp", Settings = [20, 60], Share = 0.5 },
        };
        var sampler = new PatchSampler(pack, new HistoryDegradation(options), new PatchOptions { Size = Size, Weighting = ImageWeighting.Uniform }, 1, pairs);
        var copied = new List<int>();
        int ofPaired = 0;
        for (int i = 0; i < 300; i++)
        {
            byte[] x = new byte[sampler.PatchBytes], y = new byte[sampler.PatchBytes], expected = new byte[x.Length];
            var facts = sampler.Sample(i, x, y);
            ofPaired += facts.Image > 0 ? 1 : 0;
            if (facts.Degradation.Quality is not (20 or 60))
                continue;
            copied.Add(facts.Image);
            string name = facts.Image == 1 ? "a" : "below/b";
            Cut(ImageFile.Load(Path.Combine(_root, $"webp-{facts.Degradation.Quality}/{name}.webp")), facts, expected);
            Assert.Equal(expected, x);
        }

        Assert.Equal([1, 2], copied.Distinct().Order());
        Assert.InRange((double)copied.Count / ofPaired, 0.4, 0.6);
    }

    [Theory]
    [InlineData("{ type: history }", "own key copies")]
    [InlineData("{ type: history, copies: { codec: jpeg, settings: [20] } }", "codec is jpeg")]
    [InlineData("{ type: history, copies: { codec: webp, settings: [101] } }", "settings has 101")]
    [InlineData("{ type: jpeg, quality: { list: [20], uniform: 0 } }", "other codecs than jpeg")]
    [InlineData("{ type: webp, quality: { list: [20], uniform: 0.5 }, subsampling: { c420: 1, c422: 0, c444: 0 } }", "single settings")]
    [InlineData("{ type: webp, quality: { list: [20], uniform: 0 }, double: 0.1, subsampling: { c420: 1, c422: 0, c444: 0 } }", "single settings")]
    public void What_copies_cannot_be_is_refused(string degradation, string reason)
    {
        var refusal = Assert.Throws<RecipeException>(() => Train(degradation, steps: 1));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recipe_trains_from_them()
    {
        var losses = Train("{ type: webp, quality: { list: [20], uniform: 0 }, subsampling: { c420: 1, c422: 0, c444: 0 } }", steps: 40);
        Assert.True(losses[^1] < losses[0], $"{losses[0]} to {losses[^1]}");
    }

    private List<double> Train(string degradation, int steps)
    {
        var recipe = Recipe.Parse(
            $$"""
            name: pairs
            network: { type: dncnn, depth: 3, width: 8, channels: 3 }
            data:
              folders: [{ path: {{Raw}}, copies: '{{Template}}' }]
              minSize: 32
              batch: 2
              patch: { size: 32 }
              degradation: {{degradation}}
            objective: [{ loss: l1 }]
            optimiser: { lr: 1e-3 }
            steps: {{steps}}
            """,
            "pairs");
        var seen = new Reports();
        new Trainer(recipe, new RunFolder(Path.Combine(_root, "run")),
            new TrainingOptions { Cache = Path.Combine(_root, "cache"), Threads = 1, ReportEvery = 20 }, seen)
            .Run(CancellationToken.None);
        return seen.Losses;
    }

    private PackedImages Pack() => PackedImages.Open([new TrainingFolder { Path = Raw }], 1, Path.Combine(_root, "cache"), path => ImageFile.Load(path));

    private CompressedPairs? Open(PackedImages pack, params int[] settings)
        => CompressedPairs.Open(
            [new TrainingFolder { Path = Raw, Copies = Template }], pack, Codec, settings.Length > 0 ? settings : [20, 60], Path.Combine(_root, "cache"));

    private static PatchSampler Sampler(PackedImages pack, CompressedPairs pairs, CompressionOptions options)
        => new(pack, new CodecDegradation(Codec, options), new PatchOptions { Size = Size }, 1, pairs);

    private ImageBuffer Load(PatchFacts facts, int? setting)
    {
        string name = facts.Image == 0 ? "a" : "below/b";
        return ImageFile.Load(Path.Combine(_root, setting is { } one ? $"webp-{one}/{name}.webp" : $"raw/{name}.png"));
    }

    private static void Cut(ImageBuffer picture, PatchFacts facts, byte[] output)
        => Dihedral.CopySquare(picture.Data, picture.Width, 3, facts.Left, facts.Top, Size, facts.Orientation, 3, output);

    private void Save(string name, int width, int height, int seed)
        => ImageFile.Save(
            new ImageBuffer(width, height, ColourModel.Rgb, data: TrainingPictures.Pixels(width, height, 3, seed)), Path.Combine(Raw, name + ".png"));

    private void Compress(int setting, string folder)
    {
        var options = new CompressOptions { Codec = Codec, Quality = setting };
        Assert.Empty(new CompressJob([Raw], recursive: true, Path.Combine(_root, folder), options).Run().Failures);
    }

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<double> Losses { get; } = [];

        public void Report(TrainingProgress value) => Losses.Add(value.Loss);
    }
}
