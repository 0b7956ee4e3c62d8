using Unpress.Degradations;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Networks;
using Unpress.Patches;
using Unpress.Torch;
using Unpress.Training;

namespace Unpress.Tests.Training;

public sealed class PatchCoefficientsTests
{
    private static readonly NetworkFacts Needing = new(1, 0, 8, Uses: Knowledge.Jpeg, Needs: Knowledge.Jpeg);

    [Fact]
    public void Every_patch_has_the_table_of_its_own_quality()
    {
        using var scope = TensorScope.Enter();
        var jpeg = PatchCoefficients.Of(Needing, Tensor.Rand([2, 1, 20, 24]), [Fact(10, 0), Fact(80, 16)])!;
        Assert.Equal([2, 1, 24, 24], jpeg.Planes[0].Coefficients.Shape); // whole blocks
        float[] expected = [.. StandardTables.Luma(10).Concat(StandardTables.Luma(80)).Select(step => (float)step)];
        Assert.Equal(expected, jpeg.Planes[0].Table.ToArray<float>());
    }

    [Fact]
    public void Networks_without_use_for_them_get_none()
    {
        using var scope = TensorScope.Enter();
        Assert.Null(PatchCoefficients.Of(new NetworkFacts(1, 0), Tensor.Rand([1, 1, 16, 16]), [Fact(10, 3)]));
    }

    [Fact]
    public void Patches_whose_coefficients_cannot_be_known_are_refused_with_the_setting_to_change()
    {
        using var scope = TensorScope.Enter();
        string off = Assert.Throws<TrainingException>(() => PatchCoefficients.Of(Needing, Tensor.Rand([1, 1, 16, 16]), [Fact(10, 8)])).Message;
        Assert.Contains("aligned: 1", off);
        PatchFacts[] mixed = [Fact(10, 0), Fact(10, 0, ChromaSubsampling.C444)];
        string kinds = Assert.Throws<TrainingException>(() => PatchCoefficients.Of(Needing, Tensor.Rand([2, 3, 16, 16]), mixed)).Message;
        Assert.Contains("c420: 1", kinds);
    }

    private static PatchFacts Fact(int quality, int offset, ChromaSubsampling subsampling = ChromaSubsampling.C420)
        => new(0, 0, 0, 0, Gray: false, new DegradationFacts(true, quality, 0, subsampling, offset, 0, 0, 0));
}
