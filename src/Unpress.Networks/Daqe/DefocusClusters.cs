using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>Groups of patches by how much out of focus they are, the blurriest first.</summary>
/// <param name="Centres">K numbers, defocus 0..1, falling.</param>
/// <param name="References">[K, C, P, P], of each group the patch nearest to its centre.</param>
internal sealed record DefocusClusters(double[] Centres, Tensor References)
{
    private const int Rounds = 20;

    /// <summary>One-dimensional k-means that begins at evenly spaced ranks.</summary>
    /// <param name="patches">[M, C, P, P].</param>
    /// <param name="defocus">M numbers.</param>
    public static DefocusClusters Of(Tensor patches, double[] defocus, int count)
    {
        double[] sorted = [.. defocus.OrderDescending()];
        double[] centres = [.. Enumerable.Range(0, count).Select(k => sorted[(int)((k + 0.5) * sorted.Length / count)])];
        for (int round = 0; round < Rounds; round++)
        {
            var groups = defocus.GroupBy(value => Nearest(centres, value)).ToDictionary(group => group.Key, group => group.Average());
            centres = [.. centres.Select((centre, k) => groups.GetValueOrDefault(k, centre))];
        }

        long[] references = [.. centres.Select(centre => (long)Nearest(defocus, centre))];
        return new DefocusClusters(centres, PatchGrid.Take(patches, references));
    }

    /// <summary>The group of each patch.</summary>
    public int[] Assign(double[] defocus) => [.. defocus.Select(value => Nearest(Centres, value))];

    private static int Nearest(double[] values, double wanted)
        => Enumerable.Range(0, values.Length).MinBy(k => Math.Abs(values[k] - wanted));
}
