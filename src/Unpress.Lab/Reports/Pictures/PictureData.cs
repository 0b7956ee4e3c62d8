using System.Security.Cryptography;
using System.Text.Json;
using Unpress.Imaging;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Pictures;

/// <summary>The kept pictures as the page shows them: details inside the page, without loss, each with its own figures.</summary>
internal static class PictureData
{
    /// <summary>Of all details that differ together: some four megabytes of page, which a phone opens.</summary>
    private const long MostPixels = 2_500_000;

    /// <summary>Edge of a detail and cycles of an enhancer: the first that fit are taken.</summary>
    private static readonly (int Edge, int Cycles)[] Sizes =
        [.. new[] { 512, 384, 320, 256, 192 }.Select(edge => (edge, KeptPicture.MostCycles)), (192, 4), (128, 4), (128, 3), (96, 3)];

    /// <returns>The images and where they belong; null when no pictures were kept.</returns>
    /// <exception cref="InvalidFileException">A kept picture cannot be read.</exception>
    public static string? Json(LabRun run, CancellationToken cancellation)
    {
        var images = new PageImages();
        // Stands for all, so that none is decoded for its size alone: pictures of a run have about one size.
        var first = new Lazy<ImageBuffer>(() => ImageFile.Load(KeptPicture.Of(run)[0].Original));
        var (edge, cycles) = Sizes.FirstOrDefault(size => Pixels(size.Edge, size.Cycles) <= MostPixels, Sizes[^1]);
        var kept = KeptPicture.Of(run, cycles);
        if (kept.Count == 0)
            return null;
        var figures = run.Figures.Where(figure => figure.Value is { } value && double.IsFinite(value))
            .ToLookup(figure => (figure.Set, figure.Picture, figure.Codec, figure.Setting, figure.Enhancer, figure.Cycle));
        var pictures = kept.GroupBy(one => one.Original).SelectMany(group => Shown(run, [.. group], edge, images, figures, cancellation)).ToList();
        return JsonSerializer.Serialize(new { step = ReportText.Step(run), images = images.Uris, pictures }, PageJson.Options);

        long Pixels(int edge, int cycles)
        {
            var all = KeptPicture.Of(run, cycles);
            return all.Count == 0 ? 0 : (long)Math.Min(edge, first.Value.Width) * Math.Min(edge, first.Value.Height) * images.Different(
                all.SelectMany(one => one.Files));
        }
    }

    /// <summary>One picture at all its settings: all show the same detail.</summary>
    private static IEnumerable<object> Shown(
        LabRun run, IReadOnlyList<KeptPicture> kept, int edge, PageImages images, ILookup<(string, string, string, int?, string, int), Figure> figures,
        CancellationToken cancellation)
    {
        var original = ImageFile.Load(kept[0].Original);
        var detail = PictureDetail.Worst(original, ImageFile.Load(kept[0].Compressed), edge);
        int raw = images.Add(kept[0].Original, detail);
        foreach (var one in kept)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new
            {
                one.Set,
                one.Picture,
                setting = ReportText.Setting(run, one.Codec, one.Setting),
                codec = one.Codec,
                detail = new { detail.X, detail.Y, detail.Width, detail.Height },
                whole = new { original.Width, original.Height },
                raw,
                compressed = Image(one.Compressed, Figure.Compressed, 0),
                enhanced = one.Enhanced.Select(enhancer => new
                {
                    name = enhancer.Enhancer,
                    cycles = enhancer.Cycles.Select(cycle => Image(cycle.File, enhancer.Enhancer, cycle.Cycle)).ToList(),
                }).ToList(),
            };

            object Image(string file, string enhancer, int cycle) => new
            {
                cycle,
                image = images.Add(file, detail),
                // Answers have the means over all of them.
                figures = figures[(one.Set, one.Picture, one.Codec, one.Setting, enhancer, run.Facts.Candidates is null ? cycle : Math.Min(cycle, 1))]
                    .ToDictionary(figure => figure.Metric, figure => figure.Value),
            };
        }
    }
}

/// <summary>The pictures inside a page, each once: an enhancer that changes nothing any more leaves the same picture again and again.</summary>
internal sealed class PageImages
{
    private readonly Dictionary<string, string> _hashes = [];
    private readonly Dictionary<(string Hash, PictureDetail Detail), int> _places = [];
    private readonly List<string> _uris = [];

    /// <summary>Data URIs.</summary>
    public IReadOnlyList<string> Uris => _uris;

    /// <summary>How many of these files differ.</summary>
    public int Different(IEnumerable<string> files) => files.Select(Hash).Distinct().Count();

    /// <returns>The picture's place among the <see cref="Uris"/>.</returns>
    /// <exception cref="InvalidFileException">The file cannot be read.</exception>
    public int Add(string file, PictureDetail detail)
    {
        var key = (Hash(file), detail);
        if (!_places.TryGetValue(key, out int place))
        {
            _places[key] = place = _uris.Count;
            _uris.Add("data:image/webp;base64," + Convert.ToBase64String(detail.WebP(ImageFile.Load(file))));
        }

        return place;
    }

    private string Hash(string file)
    {
        if (!_hashes.TryGetValue(file, out string? hash))
        {
            using var stream = File.OpenRead(file);
            _hashes[file] = hash = Sha256.Of(stream);
        }

        return hash;
    }
}
