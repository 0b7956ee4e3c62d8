using Unpress.Torch;

namespace Unpress.Networks;

/// <summary>
/// Groups of patches by how much out of focus they are, the blurriest first. Made of operators alone: a graph can follow them.
/// </summary>
/// <param name="Centres">[K] in float64, defocus 0..1, falling.</param>
/// <param name="References">[K, C, P, P], of each group the patch nearest to its centre.</param>
internal sealed record DefocusClusters(Tensor Centres, Tensor References)
{
    private const int Rounds = 20;

    private static readonly Op Sort = Op.Find("aten::sort");
    private static readonly Op SortOrder = Op.Find("aten::argsort");
    private static readonly Op Times = Op.Find("aten::mul.Scalar");
    private static readonly Op DividedBy = Op.Find("aten::floor_divide.Scalar");
    private static readonly Op Select = Op.Find("aten::index_select");
    private static readonly Op Least = Op.Find("aten::argmin");
    private static readonly Op Same = Op.Find("aten::eq.Tensor");
    private static readonly Op SameNumber = Op.Find("aten::eq.Scalar");
    private static readonly Op NonZero = Op.Find("aten::nonzero");

    /// <summary>One-dimensional k-means that begins at evenly spaced ranks.</summary>
    /// <param name="patches">[M, C, P, P].</param>
    /// <param name="defocus">[M] in float64.</param>
    public static DefocusClusters Of(Tensor patches, Tensor defocus, int count)
    {
        using var scope = TensorScope.Enter();
        if (defocus.Device.IsMeta) // shapes without numbers
            return new DefocusClusters(defocus, scope.Keep(Tensor.Cat([.. Enumerable.Repeat(patches.Narrow(0, 0, 1), count)], 0)));
        var range = Tensor.Range(count, defocus.Device);
        var odd = range + range + Tensor.Ones([count], DType.Int64, defocus.Device);
        var ranks = DividedBy.Call(Times.Call(odd, defocus.Size(0)), 2L * count);
        var centres = Select.Call(Sort.CallMany(defocus, 0, true)[0]!, 0, ranks);
        for (int round = 0; round < Rounds; round++)
            centres = Moved(centres, defocus, count);
        return new DefocusClusters(scope.Keep(centres), scope.Keep(Select.Call(patches, 0, Nearest(Apart(defocus, centres), 0))));
    }

    /// <summary>The number of each patch's group, [M].</summary>
    public Tensor Assign(Tensor defocus) => Nearest(Apart(defocus, Centres), 1);

    /// <summary>The numbers of a group's patches, rising.</summary>
    public static Tensor Members(Tensor groups, int group, int count)
    {
        if (!groups.Device.IsMeta)
            return NonZero.Call(SameNumber.Call(groups, (long)group)).Reshape(-1);
        long all = groups.Size(0); // shapes without numbers: as if all groups were alike
        return Tensor.Zeros([((group + 1) * all / count) - (group * all / count)], DType.Int64, groups.Device);
    }

    /// <summary>Where each number is in a list of all of them.</summary>
    public static Tensor Places(Tensor order) => order.Device.IsMeta ? order.Alias() : SortOrder.Call(order, 0, false);

    /// <summary>Each centre to the mean of what is nearest to it; one to which nothing is stays.</summary>
    private static Tensor Moved(Tensor centres, Tensor defocus, int count)
    {
        var nearest = Nearest(Apart(defocus, centres), 1);
        var isMember = Same.Call(nearest.Unsqueeze(1), Tensor.Range(count, defocus.Device).Unsqueeze(0)).To(DType.Float64);
        var members = isMember.Sum([0]);
        var alone = 1 - members.Clamp(0, 1);
        return ((isMember * defocus.Unsqueeze(1)).Sum([0]) + (alone * centres)) / members.ClampMin(1);
    }

    /// <summary>[M, K].</summary>
    private static Tensor Apart(Tensor defocus, Tensor centres) => (defocus.Unsqueeze(1) - centres.Unsqueeze(0)).Abs();

    private static Tensor Nearest(Tensor distances, int dimension) => Least.Call(distances, dimension, false);
}
