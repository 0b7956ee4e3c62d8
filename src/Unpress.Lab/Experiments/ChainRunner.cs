using System.Diagnostics;
using Unpress.Consistency;
using Unpress.Imaging;
using Unpress.Imaging.Codecs;
using Unpress.Imaging.Jpeg;
using Unpress.Lab.Results;

namespace Unpress.Lab.Experiments;

/// <summary>
/// Compresses pictures, has them enhanced in turn, and measures each time, leaving out what the results have already. Pictures are compressed and
/// measured in parallel; one is enhanced at a time, since a network uses all processors itself and seconds should mean something. What fails is
/// a figure without a value; the rest goes on.
/// </summary>
internal sealed class ChainRunner(LabSession session, ChainPlan plan)
{
    private readonly Lock _oneAtATime = new();
    private readonly PictureKeeper _keeper = new(session);

    public void Run(CancellationToken cancellation)
    {
        var cells = (from picture in session.Pictures from compression in plan.For(picture) select (picture, compression)).ToList();
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.ForEach(cells, parallel, cell =>
        {
            Run(cell.picture, cell.compression, cancellation);
            session.Progress?.Invoke(cells.Count);
        });
    }

    private void Run(LabPicture picture, PictureCompression compression, CancellationToken cancellation)
    {
        var maker = new FigureMaker(session, picture, compression);
        var open = plan.Chains.Where(chain => !Enumerable.Range(1, plan.Cycles).All(cycle => maker.IsDone(chain.Name, cycle))).ToList();
        if (open.Count == 0 && maker.IsDone(Figure.Compressed, 0) && maker.IsDone(Figure.Raw, 0))
            return;
        var figure = maker.Of(Figure.Compressed, 0, compression.Drawn ? compression.ToString() : null);
        try
        {
            var original = picture.Load(session.Recipe.Gray);
            var (encoded, compressed) = compression.Apply(original, cancellation);
            _keeper.KeepRaw(picture, original);
            _keeper.Keep(picture, compression, Figure.Compressed, 0, compressed);
            maker.Measure(figure with { Bytes = encoded.Bytes.LongLength, BitsPerPixel = encoded.BitsPerPixel }, new Trio(original, compressed, compressed));
            maker.Measure(maker.Of(Figure.Raw, 0, null), new Trio(original, compressed, original));
            foreach (var chain in open)
                Run(chain, new Start(picture, compression, original, compressed, encoded), maker, cancellation);
        }
        catch (Exception error) when (LabFault.Reason(error) is { } reason)
        {
            maker.Fail(figure, reason);
        }
    }

    private void Run(Chain chain, Start start, FigureMaker maker, CancellationToken cancellation)
    {
        var (image, encoded, codec) = (start.Compressed, start.Encoded, start.Compression.Codec);
        for (int cycle = 1; cycle <= plan.Cycles; cycle++)
        {
            var enhancer = chain.Order[cycle - 1];
            var between = plan.Between(start.Picture, chain, cycle);
            string? by = chain.Drawn ? $"{enhancer.Name}{(between is null ? "" : $" after {between}")}" : null;
            var figure = maker.Of(chain.Name, cycle, by);
            try
            {
                if (between is not null)
                {
                    (encoded, image) = between.Apply(image, cancellation);
                    codec = between.Codec;
                }

                (image, double seconds) = Enhance(enhancer, image, codec is JpegCodec ? encoded : null, cancellation);
                _keeper.Keep(start.Picture, start.Compression, chain.Name, cycle, image);
                maker.Measure(figure with { Seconds = seconds }, new Trio(start.Original, start.Compressed, image));
            }
            catch (Exception error) when (LabFault.Reason(error) is { } reason)
            {
                maker.Fail(figure, $"{enhancer.Name}: {reason}");
                return;
            }
        }
    }

    /// <summary>The enhanced picture as a lossless file without metadata would keep it, and how long it took.</summary>
    private (ImageBuffer Image, double Seconds) Enhance(LabEnhancer enhancer, ImageBuffer image, Encoded? jpeg, CancellationToken cancellation)
    {
        lock (_oneAtATime)
        {
            cancellation.ThrowIfCancellationRequested();
            var watch = Stopwatch.StartNew();
            var result = enhancer.Enhancer.Enhance(image, cancellation);
            if (enhancer.Consistent)
            {
                result = jpeg is null
                    ? throw new InvalidDataException("only a JPEG has cells to be consistent with")
                    : ConsistentPicture.Of(result, JpegCoefficients.Read(jpeg.Bytes, "picture"));
            }

            double seconds = watch.Elapsed.TotalSeconds;
            result.Metadata = new ImageMetadata();
            return (result, seconds);
        }
    }

    private sealed record Start(LabPicture Picture, PictureCompression Compression, ImageBuffer Original, ImageBuffer Compressed, Encoded Encoded);
}
