using Unpress.Data;
using Unpress.Inference;
using Unpress.Lab.Recipes;
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
        var recorder = new FigureRecorder(session, picture, compression);
        var open = plan.Chains.Where(chain => !Enumerable.Range(1, plan.Cycles).All(cycle => recorder.IsDone(chain.Name, cycle))).ToList();
        if (open.Count == 0 && recorder.IsDone(Figure.Compressed, 0) && recorder.IsDone(Figure.Raw, 0))
            return;
        var figure = recorder.Of(Figure.Compressed, 0, compression.Drawn ? compression.ToString() : null);
        try
        {
            var start = compression.Apply(picture.Load(session.Recipe.Gray), cancellation);
            _keeper.KeepRaw(picture, start.Original);
            _keeper.Keep(picture, compression, Figure.Compressed, 0, start.Image);
            recorder.Measure(figure with { Bytes = start.File.Bytes.LongLength, BitsPerPixel = start.File.BitsPerPixel }, PictureTriple.Of(start));
            recorder.Measure(recorder.Of(Figure.Raw, 0, null), PictureTriple.Of(start) with { Image = start.Original });
            foreach (var chain in open)
                Run(chain, picture, compression, start, recorder, cancellation);
        }
        catch (Exception error) when (UnpressException.Line(error) is { } reason)
        {
            recorder.Fail(figure, reason);
        }
    }

    private void Run(
        Chain chain, LabPicture picture, PictureCompression compression, Restoration start, FigureRecorder recorder, CancellationToken cancellation)
    {
        var (state, saved) = (start, compression);
        for (int cycle = 1; cycle <= plan.Cycles; cycle++)
        {
            var enhancer = chain.Order[cycle - 1];
            var between = plan.Between(picture, chain, cycle);
            var made = plan.MadeFor(enhancer, picture, chain, cycle);
            string? by = chain.Drawn ? $"{enhancer.Name}{(made is null ? "" : $" for {made}")}{(between is null ? "" : $" after {between}")}" : null;
            var figure = recorder.Of(chain.Name, cycle, by);
            try
            {
                if (between is not null)
                {
                    state = state.SavedAgain(between.Codec, between.Settings, cancellation);
                    saved = between;
                }

                state = Enhance(enhancer, state, made ?? saved, cancellation);
                _keeper.Keep(picture, compression, chain.Name, cycle, state.Image);
                recorder.Measure(figure with { Seconds = state.Seconds }, PictureTriple.Of(state));
            }
            catch (Exception error) when (UnpressException.Line(error) is { } reason)
            {
                recorder.Fail(figure, $"{enhancer.Name}: {reason}");
                return;
            }
        }
    }

    private Restoration Enhance(LabEnhancer enhancer, Restoration state, PictureCompression setting, CancellationToken cancellation)
    {
        lock (_oneAtATime)
        {
            cancellation.ThrowIfCancellationRequested();
            return state.Enhanced(image => enhancer.For(setting).Enhance(image, cancellation), enhancer.Consistent);
        }
    }
}

/// <summary>What is done to each picture: how it is compressed, and who enhances it in turn. Everything drawn is a function of the seed.</summary>
internal sealed class ChainPlan
{
    // Each kind of draw has random numbers of its own.
    private const long PictureStream = 1L << 40, BetweenStream = 2L << 40, ModelStream = 3L << 40;

    private readonly CycleSection? _cycle;
    private readonly IReadOnlyList<PictureCompression> _compressions;
    private readonly IReadOnlyList<PictureCompression> _between;

    public ChainPlan(LabRecipe recipe, IReadOnlyList<LabEnhancer> enhancers)
    {
        _cycle = recipe.Cycle;
        Cycles = _cycle?.Cycles ?? 1;
        _compressions = PictureCompression.All(recipe.Compression);
        _between = PictureCompression.All(_cycle?.Recompress ?? []);
        Chains = _cycle is null or { Case: CycleCase.Same }
            ? [.. enhancers.Select((enhancer, i) => new Chain(i + 1, enhancer.Name, [.. Enumerable.Repeat(enhancer, Cycles)], Drawn: false))]
            : [.. Enumerable.Range(1, _cycle.Draws).Select(draw => new Chain(draw, $"draw {draw}", Order(enhancers, draw), Drawn: true))];
    }

    public int Cycles { get; }

    public IReadOnlyList<Chain> Chains { get; }

    /// <summary>How the picture is compressed: every way there is, or one that is drawn for it.</summary>
    public IReadOnlyList<PictureCompression> For(LabPicture picture) => _cycle is not { Case: CycleCase.Everything }
        ? _compressions
        : [Pick(_compressions, PictureStream + picture.Index) with { Drawn = true }];

    /// <summary>How it is saved before this cycle, from the second on; null where it stays as it is.</summary>
    public PictureCompression? Between(LabPicture picture, Chain chain, int cycle) => _between.Count == 0 || cycle < 2
        ? null
        : Pick(_between, BetweenStream + Place(picture, chain, cycle));

    /// <summary>
    /// Whose network it is that enhances in this cycle, in case 3: one that is drawn, of those that the enhancer has for each setting. Null where the
    /// picture's own setting decides.
    /// </summary>
    public PictureCompression? MadeFor(LabEnhancer enhancer, LabPicture picture, Chain chain, int cycle)
        => _cycle is { Case: CycleCase.Everything } && enhancer.HasSettings ? Pick(_compressions, ModelStream + Place(picture, chain, cycle)) : null;

    private static long Place(LabPicture picture, Chain chain, int cycle) => ((long)picture.Index << 20) + ((long)chain.Number << 10) + cycle;

    private PictureCompression Pick(IReadOnlyList<PictureCompression> all, long stream) =>
        all[new SampleRandom((ulong)_cycle!.Seed, stream).Next(all.Count)];

    private List<LabEnhancer> Order(IReadOnlyList<LabEnhancer> enhancers, int draw)
    {
        var random = new SampleRandom((ulong)_cycle!.Seed, draw);
        var order = new List<LabEnhancer>();
        while (order.Count < Cycles)
        {
            var round = enhancers.ToArray();
            for (int i = round.Length - 1; i > 0; i--)
            {
                int other = random.Next(i + 1);
                (round[i], round[other]) = (round[other], round[i]);
            }

            order.AddRange(round);
        }

        return order[..Cycles];
    }
}

/// <summary>Who enhances a picture in turn.</summary>
/// <param name="Number">Among all of the run, from 1; starts its random numbers.</param>
/// <param name="Name">The enhancer in tables: its own name, or that of a draw.</param>
/// <param name="Order">The first enhancer, the second, …; as many as there are cycles.</param>
/// <param name="Drawn">The order was drawn.</param>
internal sealed record Chain(int Number, string Name, IReadOnlyList<LabEnhancer> Order, bool Drawn);

/// <summary>Remembers what was last made of some pictures' traces: the columns of one system are asked for in turn, and reading takes longest.</summary>
internal sealed class LastResult<T>(Func<IReadOnlyList<TracedPicture>, T> make)
    where T : class
{
    private IReadOnlyList<TracedPicture> _pictures = [];
    private T? _last;

    public T Of(IReadOnlyList<TracedPicture> pictures)
    {
        if (_last is null || !_pictures.SequenceEqual(pictures))
            (_pictures, _last) = (pictures, make(pictures));
        return _last;
    }
}

/// <summary>The traces that a picture left: files.</summary>
/// <param name="Raw">Of the original.</param>
/// <param name="Compressed">Of the compressed picture.</param>
/// <param name="Image">Of what is measured: one of the two, or one that was made from the compressed picture.</param>
internal sealed record TracedPicture(string Set, string Name, string Raw, string Compressed, string Image);
