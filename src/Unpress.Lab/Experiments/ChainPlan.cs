using Unpress.Data;
using Unpress.Lab.Recipes;

namespace Unpress.Lab.Experiments;

/// <summary>What is done to each picture: how it is compressed, and who enhances it in turn. Everything drawn is a function of the seed.</summary>
internal sealed class ChainPlan
{
    // Each kind of draw has random numbers of its own.
    private const long PictureStream = 1L << 40, BetweenStream = 2L << 40;

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
        : Pick(_between, BetweenStream + ((long)picture.Index << 20) + ((long)chain.Number << 10) + cycle);

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
