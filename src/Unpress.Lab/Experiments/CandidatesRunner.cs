using System.Diagnostics;
using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Inference;
using Unpress.Lab.Results;
using Unpress.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Compresses pictures, draws every network's answers for every scale of noise, and measures those of one scale together; what the results have
/// already is left out. Kept pictures have the candidate's number where others have the cycle's.
/// </summary>
internal sealed class CandidatesRunner(LabSession session)
{
    private readonly PictureKeeper _keeper = new(session);

    public void Run(CancellationToken cancellation)
    {
        if (session.Enhancers.FirstOrDefault(one => one.Enhancer is not NetworkEnhancer { HasCandidates: true }) is { } single)
            throw new RecipeException([$"enhancers: {single.Name} has one answer for a picture: it takes no noise"]);
        var cells = (from picture in session.Pictures from compression in PictureCompression.All(session.Recipe.Compression) select (picture, compression)).ToList();
        foreach (var (picture, compression) in cells)
        {
            Run(picture, compression, cancellation);
            session.Progress?.Invoke(cells.Count);
        }
    }

    private void Run(LabPicture picture, PictureCompression compression, CancellationToken cancellation)
    {
        var maker = new FigureMaker(session, picture, compression);
        var figure = maker.Of(Figure.Compressed, 0, null);
        try
        {
            var original = picture.Load(session.Recipe.Gray);
            var (encoded, compressed) = compression.Apply(original, cancellation);
            _keeper.KeepRaw(picture, original);
            _keeper.Keep(picture, compression, Figure.Compressed, 0, compressed);
            var start = new Trio(original, compressed, compressed) { File = JpegCoefficients.Read(encoded.Bytes, "picture") };
            maker.Measure(figure with { Bytes = encoded.Bytes.LongLength, BitsPerPixel = encoded.BitsPerPixel }, start);
            maker.Measure(maker.Of(Figure.Raw, 0, null), new Trio(original, compressed, original) { File = start.File });
            foreach (var enhancer in session.Enhancers)
            {
                foreach (double noise in session.Recipe.Candidates!.Noise)
                    Draw(enhancer, noise, start, maker, (candidate, number, label) => _keeper.Keep(picture, compression, label, number, candidate), cancellation);
            }
        }
        catch (Exception error) when (LabFault.Reason(error) is { } reason)
        {
            maker.Fail(figure, reason);
        }
    }

    private void Draw(
        LabEnhancer enhancer, double noise, Trio start, FigureMaker maker, Action<ImageBuffer, int, string> keep, CancellationToken cancellation)
    {
        string label = CandidatesExperiment.Label(enhancer.Name, noise);
        if (maker.IsDone(label, 1))
            return;
        var figure = maker.Of(label, 1, null);
        var section = session.Recipe.Candidates!;
        try
        {
            var candidates = new List<ImageBuffer>();
            var clock = Stopwatch.StartNew();
            for (int k = 0; k < section.Count; k++)
            {
                var candidate = ((NetworkEnhancer)enhancer.Enhancer).Enhance(start.Compressed, null, cancellation, (ulong)(section.Seed + k), noise);
                candidates.Add(enhancer.Consistent ? ConsistentPicture.Of(candidate, start.File!) : candidate);
            }

            figure = figure with { Seconds = clock.Elapsed.TotalSeconds / section.Count };
            for (int k = 0; k < candidates.Count; k++)
            {
                candidates[k].Metadata = new ImageMetadata();
                keep(candidates[k], k + 1, label);
            }

            maker.Measure(figure, start with { Image = candidates[0], Candidates = candidates });
        }
        catch (Exception error) when (LabFault.Reason(error) is { } reason)
        {
            maker.Fail(figure, $"{label}: {reason}");
        }
    }
}
