using Unpress.Downloads;

namespace Unpress.Metrics;

/// <summary>Every metric there is. A new one is a file beside this one, or in src/Unpress/Metrics, and one line here.</summary>
public static class MetricCatalog
{
    public static IReadOnlyList<IMetric> All { get; } = Distinct(
    [
        new Psnr(),
        Psnr.Y,
        Psnr.YUint8,
        Psnr.Yiq,
        new Ssim(),
        Ssim.Gray,
        Ssim.Y,
        Ssim.Uniform,
        new PsnrB(),
        PsnrB.Rgb,
        PsnrB.Y,
        new MsSsim(),
        MsSsim.Sum,
        new Niqe(),
        new Brisque(),
        new Ma(),
        new PerceptualIndex(),
        Lpips.Alex,
        Lpips.Vgg,
        Lpips.Squeeze,
        ResNet18Distance.Instance,
        new Dists(),
        new Ahiq(),
        Topiq.Fr,
        Topiq.FrPipal,
        TopiqBlind.Nr,
        TopiqBlind.NrFlive,
        TopiqBlind.NrSpaq,
        Musiq.Koniq,
        Musiq.Spaq,
        Musiq.Paq2Piq,
        Musiq.Ava,
        new HyperIqa(),
        ClipIqa.Images,
        ClipIqa.Photos,
    ]);

    /// <summary>The metrics of whole sets, which <c>unpress fid</c> and <c>unpress lab</c> compute.</summary>
    public static IReadOnlyList<ISetMetric> Sets { get; } = [new Fid(), new Kid(), new ResNet18Frechet()];

    public static bool IsOfSets(string name) => Sets.Any(metric => metric.Name == name);

    /// <summary>What is measured when nobody says what to measure: the columns that papers on compression damage have.</summary>
    public static IReadOnlyList<IMetric> Default { get; } = FindAll(["psnr", "psnr-y", "ssim", "ssim-y", "psnr-b"]);

    /// <summary>The metrics whose weights are all here.</summary>
    public static IEnumerable<IMetric> Ready
        => All.Where(metric => metric.Contract.Weights.All(name => OfficialFiles.PathOf(OfficialFiles.Find(name)) is not null));

    /// <param name="name">A name of the list, or <c>niqe=FILE</c> for a metric with fitted parameters.</param>
    /// <exception cref="ArgumentException">No metric has this name; the message lists those there are.</exception>
    public static IMetric Find(string name)
    {
        int equals = name.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            return Listed(name);
        return Listed(name[..equals]) is IFittedMetric fitted
            ? fitted.With(name[(equals + 1)..])
            : throw new ArgumentException(
                $"{name[..equals]} has no parameters to fit; these have: {string.Join(", ", All.OfType<IFittedMetric>().Select(metric => metric.Name))}");
    }

    private static IMetric Listed(string name) =>
        All.FirstOrDefault(metric => metric.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException(IsOfSets(name)
            ? $"{name} compares sets of pictures: unpress fid SET SET, or a recipe of unpress lab"
            : ByName.Missing("metric", name, [.. All.Select(metric => metric.Name)]));

    /// <exception cref="ArgumentException">One of the names is unknown.</exception>
    public static IReadOnlyList<IMetric> FindAll(IEnumerable<string> names) => [.. names.Select(Find).Distinct()];

    /// <summary>The same list, or an exception when two entries share a name.</summary>
    internal static IReadOnlyList<IMetric> Distinct(IReadOnlyList<IMetric> metrics)
    {
        var names = new HashSet<string>();
        foreach (var metric in metrics)
            if (!names.Add(metric.Name))
                throw new InvalidOperationException($"two metrics are called '{metric.Name}'");
        return metrics;
    }
}
