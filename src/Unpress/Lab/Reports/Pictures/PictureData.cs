using System.Text.Json;
using Unpress.Imaging;
using Unpress.Lab.Results;

namespace Unpress.Lab.Reports.Pictures;

/// <summary>The kept pictures as the page shows them: details as PNG inside the page, each with its own figures.</summary>
internal static class PictureData
{
    /// <summary>Of all details together, so that a phone can open the page.</summary>
    private const long MostPixels = 4_000_000;

    private static readonly int[] Edges = [512, 384, 320, 256, 192, 128];

    /// <returns>A JSON array, empty when no pictures were kept.</returns>
    /// <exception cref="InvalidFileException">A kept picture cannot be read.</exception>
    public static string Json(LabRun run, CancellationToken cancellation)
    {
        var kept = KeptPicture.Of(run);
        int files = kept.Sum(one => one.Files) + kept.DistinctBy(one => one.Original).Count();
        int edge = Edges.FirstOrDefault(size => (long)size * size * files <= MostPixels, Edges[^1]);
        var figures = run.Figures.Where(figure => figure.Value is { } value && double.IsFinite(value))
            .ToLookup(figure => (figure.Set, figure.Picture, figure.Codec, figure.Setting, figure.Enhancer, figure.Cycle));
        return JsonSerializer.Serialize(
            kept.GroupBy(one => one.Original).SelectMany(group => Shown(run, [.. group], edge, figures, cancellation)), PageJson.Options);
    }

    /// <summary>One picture at all its settings: all show the same detail.</summary>
    private static IEnumerable<object> Shown(
        LabRun run, IReadOnlyList<KeptPicture> kept, int edge, ILookup<(string, string, string, int?, string, int), Figure> figures, CancellationToken cancellation)
    {
        var original = ImageFile.Load(kept[0].Original);
        var detail = PictureDetail.Worst(original, ImageFile.Load(kept[0].Compressed), edge);
        string raw = Uri(detail, original);
        foreach (var one in kept)
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new
            {
                one.Set,
                one.Picture,
                setting = Words.Setting(run, one.Codec, one.Setting),
                codec = one.Codec,
                detail = new { detail.X, detail.Y, detail.Width, detail.Height },
                whole = new { original.Width, original.Height },
                raw,
                compressed = Image(one.Compressed, Figure.Compressed, 0),
                enhanced = one.Enhanced.Select(enhancer => new
                {
                    name = enhancer.Enhancer,
                    cycles = enhancer.Cycles.Select(cycle => Image(cycle.File, enhancer.Enhancer, cycle.Cycle)),
                }),
            };

            object Image(string file, string enhancer, int cycle) => new
            {
                cycle,
                uri = Uri(detail, ImageFile.Load(file)),
                figures = figures[(one.Set, one.Picture, one.Codec, one.Setting, enhancer, cycle)]
                    .ToDictionary(figure => figure.Metric, figure => figure.Value),
            };
        }
    }

    private static string Uri(PictureDetail detail, ImageBuffer image) => "data:image/png;base64," + Convert.ToBase64String(detail.Png(image));
}
