using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Onnx;

namespace Unpress.Inference;

/// <summary>
/// A model applied to pictures of any size, depth and colour model: tile by tile within a budget of memory, each tile checked before it counts.
/// What a model finds in the whole picture is found once and given to every tile. Alpha is not touched. Several threads may call it; the budget
/// of memory is that of one call.
/// </summary>
public sealed class ModelEnhancer : IEnhancer, IDisposable
{
    /// <summary>Left for what reading and writing files takes besides the pixels.</summary>
    private const long Reserve = 96L << 20;

    private readonly IModel _model;
    private readonly ModelEnhancerOptions _options;

    /// <param name="model">Owned by the enhancer from here on.</param>
    /// <exception cref="ArgumentException">An option is out of range, or the model has no use for it.</exception>
    public ModelEnhancer(string name, IModel model, ModelEnhancerOptions? options = null)
    {
        _options = options ?? new ModelEnhancerOptions();
        _options.Validate();
        if (_options.Quality is not null && !model.Facts.Uses.HasFlag(ModelInputs.Quality))
            throw new ArgumentException($"the model {name} takes no quality factor");
        Name = name;
        _model = model;
    }

    public string Name { get; }

    /// <summary>0..100, as in the options.</summary>
    public double Strength => _options.Strength;

    public bool HasCandidates => _model.Facts.Uses.HasFlag(ModelInputs.Noise);

    /// <summary>As <see cref="IModel.Engine"/>.</summary>
    public string Engine => _model.Engine;

    /// <inheritdoc cref="IEnhancer.Enhance(ImageBuffer, CancellationToken)"/>
    public ImageBuffer Enhance(ImageBuffer image, CancellationToken cancellation = default) => Enhance(image, null, null, cancellation);

    /// <summary>As the interface says; tells after each tile how many are done, and within one where the model does.</summary>
    /// <exception cref="ArgumentException">A draw for a model that has one answer.</exception>
    /// <exception cref="UnsuitablePictureException">The model works on the coefficients of a JPEG, and the picture has none.</exception>
    /// <exception cref="BrokenOutputException">The model's output is no picture.</exception>
    /// <exception cref="ModelException">The engine cannot run the model on this picture.</exception>
    /// <exception cref="InsufficientMemoryException">The smallest tile is too large for the memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ImageBuffer Enhance(ImageBuffer image, NoiseDraw? draw, Action<TileProgress>? progress, CancellationToken cancellation)
    {
        var (stored, orientation) = AsWorkedOn(image, draw);
        var output = Correction.Copy(stored);
        float share = (float)(_options.Strength / 100 * NearlyClean.Share(stored, _model.Facts.FullTo));
        if (share > 0)
        {
            Restore(stored, draw, (tile, pass, input, restored) =>
            {
                Correction.Blend(restored.Values, input.Values, share);
                PlanePixels.Write(restored, tile.Offset, output, tile.Core, pass.FirstBand, pass.Inverted);
            }, progress, cancellation);
        }

        return orientation == 1 ? output : ImageTurn.ToUpright(output, orientation);
    }

    /// <summary>
    /// All that the model makes of the picture, kept so that every strength can be had of it without running the model again: the pixels that
    /// <see cref="Enhance(ImageBuffer, NoiseDraw?, Action{TileProgress}?, CancellationToken)"/> gives at that strength. The options' own is not used.
    /// </summary>
    /// <inheritdoc cref="Enhance(ImageBuffer, NoiseDraw?, Action{TileProgress}?, CancellationToken)"/>
    public Correction Correct(ImageBuffer image, NoiseDraw? draw, Action<TileProgress>? progress, CancellationToken cancellation)
    {
        var (stored, orientation) = AsWorkedOn(image, draw);
        var correction = new Correction(stored, orientation, _model.Facts.FullTo);
        try
        {
            if (correction.MostShare > 0)
                Restore(stored, draw, (tile, pass, _, restored) => correction.Keep(tile, pass, restored), progress, cancellation);
            return correction;
        }
        catch
        {
            correction.Dispose();
            throw;
        }
    }

    public void Dispose() => _model.Dispose();

    /// <summary>Coefficients lie in the rows and columns of the file: a model of those works there. The orientation is 1 where nothing was turned.</summary>
    private (ImageBuffer Picture, int Orientation) AsWorkedOn(ImageBuffer image, NoiseDraw? draw)
    {
        if (draw is not null && !HasCandidates)
            throw new ArgumentException($"the model {Name} has one answer for a picture: it takes no noise");
        int orientation = image.Metadata.StoredOrientation;
        return orientation == 1 || !_model.Facts.Uses.HasFlag(ModelInputs.Jpeg)
            ? (image, 1)
            : (ImageTurn.ToStored(image, orientation), orientation);
    }

    private void Restore(
        ImageBuffer image, NoiseDraw? draw, TileReceiver receive, Action<TileProgress>? progress, CancellationToken cancellation)
    {
        var given = new KnownPicture { Quality = _options.Quality, Jpeg = FileCoefficients.For(_model.Facts, image) };
        var plan = new TilePlan(_model.Facts, image.Width, image.Height);
        var passes = ColourPass.For(image.Model);
        long budget = PixelBudget(image, passes);
        var parts = passes.Select((pass, k) => new PassKnowledge(_model, image, pass, given with { Noise = Noise(draw, k, image) }, budget, cancellation))
            .ToArray();
        try
        {
            var cut = plan.Cut(budget);
            if (cut.Count > 1)
            {
                int overlap = parts.Max(part => Overlap(plan, cut[0], part, image, cancellation));
                plan = new TilePlan(_model.Facts, image.Width, image.Height, overlap);
                cut = plan.Cut(budget);
            }

            RunTiles(plan, cut, parts, image, receive, progress, cancellation);
            // Where memory is short, what the engine keeps must not stand beside what writing the file takes.
            if (cut.Count > 1 || _model.KeptBytes > _options.Memory / 2)
                _model.Trim();
        }
        finally
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }

    private void RunTiles(
        TilePlan plan, List<Tile> cut, PassKnowledge[] parts, ImageBuffer image, TileReceiver receive,
        Action<TileProgress>? progress, CancellationToken cancellation)
    {
        var tiles = new Stack<Tile>(Enumerable.Reverse(cut));
        for (int done = 0; tiles.TryPop(out var tile);)
        {
            Tell(0);
            try
            {
                for (int k = 0; k < parts.Length; k++)
                    RunTile(tile, parts[k], image, receive, part => Tell((k + part) / parts.Length), cancellation);
                progress?.Invoke(new TileProgress(++done, done + tiles.Count));
            }
            catch (InsufficientMemoryException) when (plan.Halve(tile) is { } halves)
            {
                foreach (var half in Enumerable.Reverse(halves))
                    tiles.Push(half);
            }

            void Tell(double part)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Invoke(new TileProgress(done + part, done + tiles.Count + 1));
            }
        }
    }

    private void RunTile(
        Tile tile, PassKnowledge part, ImageBuffer image, TileReceiver receive, Action<double> tell, CancellationToken cancellation)
    {
        using var input = Read(image, tile.Seen, part.Pass);
        using var restored = RunModel(input, part.For(tile), tile.Seen, tell, cancellation);
        receive(tile, part.Pass, input, restored);
    }

    /// <summary>How much of their surroundings tiles need in this picture; <paramref name="any"/> is one of them.</summary>
    private int Overlap(TilePlan plan, Tile any, PassKnowledge part, ImageBuffer image, CancellationToken cancellation)
    {
        var known = part.For(any);
        return SeamProbe.Overlap(plan.Overlap, _model.Facts.SizeMultiple, image.Width, image.Height, area =>
        {
            using var input = Read(image, area, part.Pass);
            return RunModel(input, known, area, null, cancellation);
        });
    }

    private static Planes Read(ImageBuffer image, PixelArea area, ColourPass pass)
        => PlanePixels.Read(image, area, pass.FirstBand, pass.Bands, pass.Inverted);

    private Planes RunModel(Planes input, KnownPicture known, PixelArea area, Action<double>? tell, CancellationToken cancellation)
    {
        var restored = known.With(area, input, tell, given => ColourPass.Run(_model, input, given), cancellation);
        if ((_options.Any ? TileGuard.FaultOfNumbers(restored) : TileGuard.Fault(input, restored)) is not { } fault)
            return restored;
        restored.Dispose();
        throw new BrokenOutputException($"{fault}; nothing was saved, try another model");
    }

    /// <summary>How many pixels a tile may have. What is resident already (the program, both pictures) is part of the budget.</summary>
    private long PixelBudget(ImageBuffer image, IReadOnlyList<ColourPass> passes)
    {
        long free = _options.Memory - (Environment.WorkingSet - _model.KeptBytes) - Reserve;
        // What goes in and what comes out, and both once more in the model's channels where those are others.
        int bands = passes.Max(pass => pass.Bands), channels = _model.Facts.Channels;
        double besides = sizeof(float) * ((2.0 * bands) + (bands == channels ? 0 : 2.0 * channels));
        return _model.PixelsIn(free, (long)image.Width * image.Height, besides);
    }

    /// <summary>For the whole picture; none without a draw.</summary>
    private static Planes? Noise(NoiseDraw? draw, int pass, ImageBuffer image)
        => draw is null ? null : CandidateNoise.Make(draw.Seed, pass, image.Height, image.Width, draw.Scale);
}

/// <summary>Takes what the model made of one tile; both planes are of the tile with its surroundings, and may be changed.</summary>
internal delegate void TileReceiver(Tile tile, ColourPass pass, Planes input, Planes restored);

/// <summary>How far one picture is: tiles done of all, and of the one at work the part that the network says is done.</summary>
public readonly record struct TileProgress(double Done, int Total);

/// <summary>A network's output cannot be a restored picture, even in fp32; nothing of it may be saved.</summary>
public sealed class BrokenOutputException(string message) : UnpressException(message);

/// <summary>A network cannot take this picture: it lacks what the network works on. The message says what, without the picture's name.</summary>
public sealed class UnsuitablePictureException(string message) : UnpressException(message);

/// <summary>How a model is applied to pictures.</summary>
public sealed record ModelEnhancerOptions
{
    /// <summary>0..100 percent: 0 gives the input's pixels, 100 the model's, between them a blend; times <see cref="NearlyClean.Share"/>.</summary>
    public double Strength { get; init; } = 100;

    /// <summary>1..100, the quality factor the picture was compressed with, for models that take one; null lets them find it.</summary>
    public int? Quality { get; init; }

    /// <summary>
    /// Take any finite output, one of a wrong brightness too. For measuring: leaving such pictures out of a mean would flatter the model. Results
    /// for people are refused.
    /// </summary>
    public bool Any { get; init; }

    /// <summary>Bytes the whole process should keep within; the tiles are cut to fit.</summary>
    public long Memory { get; init; } = 2L << 30;

    /// <exception cref="ArgumentException">An option is out of range; the message says which.</exception>
    public void Validate()
    {
        if (!(Strength is >= 0 and <= 100))
            throw new ArgumentException($"strength {Strength}: 0 to 100");
        if (Quality is < 1 or > 100)
            throw new ArgumentException($"quality {Quality}: 1 to 100");
        if (Memory < 1)
            throw new ArgumentException($"memory of {Memory} bytes: more than none");
    }
}

/// <summary>
/// How much of a network's correction a picture gets that says itself that it was hardly compressed. Above quality factor 90 the default
/// network changes more than JPEG did (LIVE1, QF 98: 41.72 dB before, 40.77 after), but a part of its correction still helps: 50 % at
/// QF 95 gives +0.19 dB, 20 % at QF 98 gives +0.01 dB. So the share falls in a straight line from all at QF 90 to nothing at QF 100.
/// A file without quantisation tables (a PNG made of a JPEG) gets all. A model that learned to hold back by itself says another quality than 90
/// (<see cref="Onnx.ModelFacts.FullTo"/>). The last table is not believed where the pixels show an earlier save that did more damage
/// (<see cref="EarlierSave"/>): such a picture gets all.
/// </summary>
public static class NearlyClean
{
    private const double UsualFull = 90;
    private const double None = 100;

    /// <summary>By the file's tables, and where those say that there is little to restore, by the pixels.</summary>
    /// <inheritdoc cref="Share(JpegAnatomy?, int?)"/>
    public static double Share(ImageBuffer image, int? fullTo = null)
    {
        double share = Share(image.Metadata.Jpeg, fullTo);
        return share < 1 && EarlierSave.Find(image) is { } earlier && earlier.Quality <= UsualFull && earlier.Quality < image.Metadata.Jpeg!.Quality.Quality - 5
            ? 1
            : share;
    }

    /// <param name="fullTo">The quality factor up to which all is given; null for the usual 90.</param>
    /// <returns>0..1.</returns>
    public static double Share(JpegAnatomy? jpeg, int? fullTo = null)
        => jpeg is null ? 1 : Math.Clamp((None - jpeg.Quality.Quality) / (None - (fullTo ?? UsualFull)), 0, 1);
}
