using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

public sealed class GridEvidenceTests
{
    [Theory]
    [InlineData(3, 0, 0)]
    [InlineData(3, 3, 5)]
    [InlineData(1, 7, 2)]
    public void Blocks_show_on_any_grid_and_noise_shows_none(long channels, long top, long left)
    {
        using var scope = TensorScope.Enter();
        Tensor blocks = Blocks(channels).Narrow(2, top, 56).Narrow(3, left, 56), noise = Tensor.Rand([1, channels, 56, 56]);
        Assert.InRange(Least(GridEvidence.In(blocks)), 0.2, 1);
        Assert.InRange(Most(GridEvidence.In(noise)), 0, 0.12);
    }

    [Fact]
    public void A_picture_of_less_than_two_blocks_has_no_evidence()
    {
        using var scope = TensorScope.Enter();
        Assert.Equal(0, GridEvidence.In(Tensor.Rand([2, 3, 14, 40])).Abs().Max().Item());
        Assert.Equal([2, GridEvidence.Count], GridEvidence.In(Tensor.Rand([2, 3, 15, 40])).Shape);
    }

    [Fact]
    public void Every_picture_of_a_batch_is_counted_for_itself()
    {
        using var scope = TensorScope.Enter();
        Tensor first = Blocks(3), second = Tensor.Rand([1, 3, 64, 64]);
        var both = GridEvidence.In(Tensor.Cat([first, second], 0)) - Tensor.Cat([GridEvidence.In(first), GridEvidence.In(second)], 0);
        Assert.InRange(both.Abs().Max().Item(), 0, 1e-4);
    }

    [Fact]
    public void Only_a_gate_that_asks_for_it_has_weights_for_it()
    {
        Assert.Contains("gate.grid.weight", Names(true));
        Assert.DoesNotContain("gate.grid.weight", Names(false));
    }

    private static string[] Names(bool grid)
    {
        var options = new JsonObject { ["depth"] = 3, ["width"] = 4 };
        using var network = Gated.Entry.Create(new JsonObject { ["network"] = "dncnn", ["options"] = options, ["width"] = 4, ["grid"] = grid });
        return [.. network.NamedParameters().Select(entry => entry.Name)];
    }

    // One random colour a block of 8×8: all coefficients but the mean are zero on this grid; at (4, 4) on three quarters of the grids, for symmetry.
    private static Tensor Blocks(long channels)
        => (Tensor.Rand([1, channels, 8, 1, 8, 1]) * Tensor.Ones([1, 1, 1, 8, 1, 8])).Reshape(1, channels, 64, 64);

    // The second half: shares of the coefficients.
    private static double Least(Tensor evidence) => Shares(evidence).Min().Item();

    private static double Most(Tensor evidence) => Shares(evidence).Max().Item();

    private static Tensor Shares(Tensor evidence) => evidence.Narrow(1, GridEvidence.Count / 2, GridEvidence.Count / 2);
}
