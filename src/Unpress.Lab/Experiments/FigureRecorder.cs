using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Inference;
using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>Adds the figures of one picture, compressed in one way, to the results; those that are there already are left alone.</summary>
internal sealed class FigureRecorder(LabSession session, LabPicture picture, PictureCompression compression)
{
    /// <summary>A figure without metric and value, to be completed.</summary>
    public Figure Of(string enhancer, int cycle, string? by) => new()
    {
        Experiment = session.Experiment,
        Enhancer = enhancer,
        Codec = compression.Label,
        Setting = compression.Setting,
        Set = picture.Set,
        Picture = picture.Name,
        Cycle = cycle,
        Metric = "",
        By = by,
    };

    /// <summary>All that is to be measured has a value or has left its trace.</summary>
    public bool IsDone(string enhancer, int cycle)
    {
        var figure = Of(enhancer, cycle, null);
        return session.Traces.AreThere(figure)
            && session.Measures.All(measure => !measure.Applies(enhancer) || session.Results.Has((figure with { Metric = measure.Name }).Key()));
    }

    /// <summary>Everything that has no value yet.</summary>
    public void Measure(Figure figure, PictureTriple pictures)
    {
        session.Traces.Keep(figure, pictures.Image);
        foreach (var measure in session.Measures.Where(measure => measure.Applies(figure.Enhancer)))
        {
            var one = figure with { Metric = measure.Name };
            if (session.Results.Has(one.Key()))
                continue;
            try
            {
                session.Results.Add(one with { Value = measure.Of(pictures) });
            }
            catch (Exception error) when (UnpressException.Line(error) is { } reason)
            {
                session.Results.Add(one with { Error = reason });
            }
        }
    }

    /// <summary>Says of everything that has no value why.</summary>
    public void Fail(Figure figure, string reason)
    {
        session.Traces.Fail(figure, reason);
        foreach (var measure in session.Measures.Where(measure => measure.Applies(figure.Enhancer)))
        {
            var one = figure with { Metric = measure.Name, Error = reason };
            if (!session.Results.Has(one.Key()))
                session.Results.Add(one);
        }
    }
}

/// <summary>What a measure may look at, of one size and colour model.</summary>
/// <param name="Image">What is measured: the original itself, the compressed picture, or one made from it.</param>
internal sealed record PictureTriple(ImageBuffer Original, ImageBuffer Compressed, ImageBuffer Image)
{
    /// <summary>The picture as it is now.</summary>
    public static PictureTriple Of(Restoration state) => new(state.Original, state.Compressed, state.Image);

    /// <summary>Where several answers are measured together, all of them; the first is <see cref="Image"/>.</summary>
    public IReadOnlyList<ImageBuffer> Candidates { get; init; } = [Image];

    /// <summary>What the compressed picture's file stores, where a measure needs it and it is a JPEG.</summary>
    public JpegCoefficients? File { get; init; }
}
