using System.Runtime.InteropServices;
using Unpress.Imaging;
using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Lab.Experiments;

/// <summary>FID and KID to the originals and, for the triangle of the three domains, to the compressed pictures. A trace is a picture's features, float32.</summary>
/// <param name="features">Of a picture: always as many.</param>
internal sealed class FeatureMeasure(IReadOnlyList<ISetMetric> metrics, bool toCompressed, Func<ImageBuffer, float[]> features, IDisposable? owned) : ISetMeasure
{
    public string Kind => "inception";

    public string Extension => ".f32";

    public IReadOnlyList<SetColumn> Columns { get; } =
    [
        .. metrics.Select(metric => new SetColumn(MetricFacts.Of(metric), enhancer => enhancer != Figure.Raw)),
        .. metrics.Where(_ => toCompressed).Select(metric => new SetColumn(
            MetricFacts.Of(metric) with { Name = DomainTriangle.ToCompressed(metric.Name), Summary = $"{metric.Summary}; to the compressed pictures", Neither = true },
            enhancer => enhancer is not (Figure.Raw or Figure.Compressed))),
    ];

    /// <summary>For the metrics of sets among those of a recipe: one, or none where there are no such metrics.</summary>
    /// <exception cref="MissingToolException">The weights of the network are not here.</exception>
    public static IReadOnlyList<ISetMeasure> Of(IEnumerable<string> names, bool toCompressed)
    {
        var wanted = names.ToHashSet();
        ISetMetric[] metrics = [.. MetricCatalog.Sets.Where(metric => wanted.Contains(metric.Name))];
        if (metrics.Length == 0)
            return [];
        var network = new InceptionFeatures();
        return [new FeatureMeasure(metrics, toCompressed, network.Of, network)];
    }

    public byte[] Trace(ImageBuffer image) => MemoryMarshal.AsBytes(features(image).AsSpan()).ToArray();

    public double? Measure(string column, IReadOnlyList<TracedPicture> pictures)
    {
        var metric = metrics.FirstOrDefault(one => one.Name == column);
        return metric is not null
            ? metric.Measure(Set(pictures.Select(picture => picture.Raw)), Set(pictures.Select(picture => picture.Image)))
            : metrics.First(one => DomainTriangle.ToCompressed(one.Name) == column)
                .Measure(Set(pictures.Select(picture => picture.Compressed)), Set(pictures.Select(picture => picture.Image)));
    }

    public void Dispose() => owned?.Dispose();

    private static PictureSet Set(IEnumerable<string> files)
    {
        PictureSet? set = null;
        foreach (string file in files)
        {
            var numbers = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file));
            set ??= new PictureSet(numbers.Length);
            if (numbers.Length != set.Statistics.Dimensions)
                throw new InvalidFileException(file, "has features of another network; delete it");
            set.Add(numbers);
        }

        return set!;
    }
}
