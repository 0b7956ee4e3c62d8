using Unpress.Data;
using Unpress.Imaging;
using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>How often each chroma subsampling is drawn, as shares of their sum.</summary>
public sealed record SubsamplingShares : IHasFaults
{
    public double C420 { get; init; } = 0.8;

    public double C422 { get; init; } = 0.05;

    public double C444 { get; init; } = 0.15;

    internal IEnumerable<(string Name, ChromaSubsampling Chroma, double Share)> Shares
        => [("c420", ChromaSubsampling.C420, C420), ("c422", ChromaSubsampling.C422, C422), ("c444", ChromaSubsampling.C444, C444)];

    public ChromaSubsampling Draw(ref SampleRandom random)
    {
        double ticket = random.NextDouble() * (C420 + C422 + C444);
        return ticket < C420 ? ChromaSubsampling.C420 : ticket < C420 + C422 ? ChromaSubsampling.C422 : ChromaSubsampling.C444;
    }

    public IEnumerable<string> Faults()
    {
        if (C420 is not >= 0 || C422 is not >= 0 || C444 is not >= 0 || !double.IsFinite(C420 + C422 + C444) || C420 + C422 + C444 <= 0)
            yield return FormattableString.Invariant($"shares are {C420}, {C422}, {C444}, must be 0 or more and not all 0");
    }
}
