using System.Diagnostics;
using System.Globalization;
using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Inference;
using Unpress.Lab.Recipes;
using Unpress.Lab.Results;
using Unpress.Metrics;
using Unpress.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Several answers of one-to-many networks to each picture (Guo and Chao, CVPR 2017): how far they differ by the scale of the noise, whether they
/// agree with the JPEG, and whether the grid shows that shift-and-average is there to remove.
/// </summary>
public sealed class CandidatesExperiment : IExperiment
{
    public string Name => "candidates";

    public string Summary => "several answers of one-to-many networks: how far apart, inside the JPEG's cells, traces of a grid";

    public LabRecipe Complete(LabRecipe recipe) => recipe.Candidates is null ? recipe with { Candidates = new CandidatesSection() } : recipe;

    public IEnumerable<string> Faults(LabRecipe recipe)
    {
        foreach (string metric in recipe.Metrics.Where(MetricCatalog.IsOfSets))
            yield return $"metrics: {metric} is of whole sets, candidates are measured picture by picture";
        foreach (var compression in recipe.Compression.Where(one => one.Codec != "jpeg"))
            yield return $"compression: {compression.Codec} has no quantisation cells, only jpeg has";
        foreach (var enhancer in recipe.Enhancers.Where(one => one.Command is not null))
            yield return $"enhancers: {enhancer.Name} is a program, which has one answer";
    }

    IReadOnlyList<LabMeasure> IExperiment.Measures(LabRecipe recipe) => [.. CandidateMeasures.Of(recipe.Metrics)];

    IReadOnlyList<ISetMeasure> IExperiment.SetMeasures(LabRecipe recipe) => [];

    void IExperiment.Run(LabSession session, CancellationToken cancellation) => new CandidatesRunner(session).Run(cancellation);

    /// <summary>A network with a scale of noise, as figures have it.</summary>
    internal static string Label(string enhancer, double noise) => string.Create(CultureInfo.InvariantCulture, $"{enhancer}, z {noise}");
}

/// <summary>What is asked of several answers to one picture.</summary>
internal static class CandidateMeasures
{
    public static IEnumerable<LabMeasure> Of(IEnumerable<string> metrics) =>
    [
        .. LabMeasure.Against(metrics).Select(Mean),
        new(
            new MetricFacts("apart", "How far two candidates differ", Higher: true, Unit: "", Decimals: 2,
                "root mean square over pixels, in levels of 255; mean over all pairs", Neither: true),
            pictures => Pairs(pictures.Candidates).Average(pair => Difference(pair.First, pair.Second)),
            enhancer => enhancer is not (Figure.Raw or Figure.Compressed)),
        new(
            new MetricFacts("in-cells", "Share of the coefficients in the JPEG's cells", Higher: true, Unit: "", Decimals: 4,
                "0..1, all planes; mean over the candidates"),
            pictures => pictures.Candidates.Average(candidate => ConsistentPicture.ShareInside(candidate, pictures.File!)),
            _ => true),
        new(
            new MetricFacts("grid", "Pattern of a 2×2 grid", Higher: false, Unit: "", Decimals: 3,
                "root mean square in levels of 255, in blocks of 16×16; mean over the candidates"),
            pictures => pictures.Candidates.Average(GridTrace.Of),
            _ => true),
    ];

    /// <summary>The root mean square difference of two pictures of one size, levels of 255.</summary>
    public static double Difference(ImageBuffer a, ImageBuffer b)
    {
        double sum = 0;
        for (int i = 0; i < a.Data.Length; i++)
            sum += (a.Data[i] - b.Data[i]) * (double)(a.Data[i] - b.Data[i]);
        return Math.Sqrt(sum / a.Data.Length);
    }

    private static LabMeasure Mean(LabMeasure measure) =>
        measure with { Of = pictures => pictures.Candidates.Average(candidate => measure.Of(pictures with { Image = candidate })) };

    private static IEnumerable<(ImageBuffer First, ImageBuffer Second)> Pairs(IReadOnlyList<ImageBuffer> all) =>
        from i in Enumerable.Range(0, all.Count) from k in Enumerable.Range(i + 1, all.Count - i - 1) select (all[i], all[k]);
}

/// <summary>
/// What strided transposed convolutions leave behind: a pattern that repeats every two pixels. In blocks of 16×16 pixels the means of the four
/// places of the 2×2 grid are compared with the block's mean; the root mean square of the differences, in levels of 255. Nothing in
/// one colour; in photographs a little, from their edges.
/// </summary>
internal static class GridTrace
{
    private const int Side = 16;
    private const int Places = 4;

    /// <summary>0 too where the picture is smaller than a block. Alpha is not looked at.</summary>
    public static double Of(ImageBuffer image)
    {
        double sum = 0;
        long count = 0;
        for (int y = 0; y + Side <= image.Height; y += Side)
        {
            for (int x = 0; x + Side <= image.Width; x += Side)
            {
                for (int band = 0; band < image.ColourBands; band++, count += Places)
                    sum += Block(image, x, y, band);
            }
        }

        return count == 0 ? 0 : Math.Sqrt(sum / count) * 255 / image.MaxValue;
    }

    /// <summary>Squared differences of the four means from the block's.</summary>
    private static double Block(ImageBuffer image, int left, int top, int band)
    {
        Span<double> means = stackalloc double[Places];
        means.Clear();
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
                means[(2 * (y & 1)) + (x & 1)] += image.Sample(left + x, top + y, band) / (double)(Side * Side / Places);
        }

        double mean = (means[0] + means[1] + means[2] + means[3]) / Places, sum = 0;
        foreach (double one in means)
            sum += (one - mean) * (one - mean);
        return sum;
    }
}

/// <summary>
/// Compresses pictures, draws every network's answers for every scale of noise, and measures those of one scale together; what the results have
/// already is left out. Kept pictures have the candidate's number where others have the cycle's.
/// </summary>
internal sealed class CandidatesRunner(LabSession session)
{
    private readonly PictureKeeper _keeper = new(session);

    public void Run(CancellationToken cancellation)
    {
        if (session.Enhancers.FirstOrDefault(one => !one.HasCandidates) is { } single)
            throw new RecipeException([$"enhancers: {single.Name} has one answer for a picture: it takes no noise"]);
        var compressions = PictureCompression.All(session.Recipe.Compression);
        var cells = (from picture in session.Pictures from compression in compressions select (picture, compression)).ToList();
        foreach (var (picture, compression) in cells)
        {
            Run(picture, compression, cancellation);
            session.Progress?.Invoke(cells.Count);
        }
    }

    private void Run(LabPicture picture, PictureCompression compression, CancellationToken cancellation)
    {
        var recorder = new FigureRecorder(session, picture, compression);
        var figure = recorder.Of(Figure.Compressed, 0, null);
        try
        {
            var compressed = compression.Apply(picture.Load(session.Recipe.Gray), cancellation);
            _keeper.KeepRaw(picture, compressed.Original);
            _keeper.Keep(picture, compression, Figure.Compressed, 0, compressed.Image);
            var start = PictureTriple.Of(compressed) with { File = compressed.ReadCoefficients() };
            recorder.Measure(figure with { Bytes = compressed.File.Bytes.LongLength, BitsPerPixel = compressed.File.BitsPerPixel }, start);
            recorder.Measure(recorder.Of(Figure.Raw, 0, null), new PictureTriple(start.Original, start.Compressed, start.Original) { File = start.File });
            foreach (var enhancer in session.Enhancers)
            {
                foreach (double noise in session.Recipe.Candidates!.Noise)
                    Draw(enhancer, enhancer.For(compression), noise, start, recorder,
                        (candidate, number, label) => _keeper.Keep(picture, compression, label, number, candidate), cancellation);
            }
        }
        catch (Exception error) when (UnpressException.Line(error) is { } reason)
        {
            recorder.Fail(figure, reason);
        }
    }

    private void Draw(
        LabEnhancer enhancer, IEnhancer network, double noise, PictureTriple start, FigureRecorder recorder, Action<ImageBuffer, int,
            string> keep, CancellationToken cancellation)
    {
        string label = CandidatesExperiment.Label(enhancer.Name, noise);
        if (recorder.IsDone(label, 1))
            return;
        var figure = recorder.Of(label, 1, null);
        var section = session.Recipe.Candidates!;
        try
        {
            var candidates = new List<ImageBuffer>();
            var clock = Stopwatch.StartNew();
            for (int k = 0; k < section.Count; k++)
            {
                var candidate = network.Enhance(start.Compressed, new NoiseDraw((ulong)(section.Seed + k), noise), null, cancellation);
                candidates.Add(enhancer.Consistent ? ConsistentPicture.Of(candidate, start.File!) : candidate);
            }

            figure = figure with { Seconds = clock.Elapsed.TotalSeconds / section.Count };
            for (int k = 0; k < candidates.Count; k++)
            {
                candidates[k].Metadata = new ImageMetadata();
                keep(candidates[k], k + 1, label);
            }

            recorder.Measure(figure, start with { Image = candidates[0], Candidates = candidates });
        }
        catch (Exception error) when (UnpressException.Line(error) is { } reason)
        {
            recorder.Fail(figure, $"{label}: {reason}");
        }
    }
}
