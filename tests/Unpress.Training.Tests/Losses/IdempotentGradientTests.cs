using Unpress.Losses;
using Unpress.Patches;
using Unpress.Torch;

namespace Unpress.Tests.Losses;

/// <summary>
/// Each term of idempotent adaptation alone: its gradient is that of exactly the function it should be, by central differences. θ is the copy
/// that may move, θ₀ the frozen one; a term that let the wrong copy move would follow another function, which is measured too and differs.
/// </summary>
public sealed class IdempotentGradientTests : IDisposable
{
    private const double Step = 1e-6;
    private const double Tolerance = 1e-7;

    private readonly ProbeNetwork _network = new();
    private readonly ProbeNetwork _frozen = new();
    private readonly ProbeNetwork _moving = new();
    private readonly Tensor _x;
    private readonly Tensor _y;

    public IdempotentGradientTests()
    {
        TorchRuntime.Seed(5);
        var random = new Random(5);
        _network.Numbers = [.. _network.Numbers.Select(_ => (0.6 * random.NextDouble()) - 0.3)];
        _frozen.Numbers = _network.Numbers;
        _x = Tensor.Rand([2, 1, 5, 4], DType.Float64);
        _y = Tensor.Rand([2, 1, 5, 4], DType.Float64);
    }

    [Fact]
    public void Identity_moves_the_network_at_the_raw_picture()
        => Follows(new IdentityLoss(new()), f => D(f(_y), _y).Mean(), wrong: f => D(f(_x), _y).Mean());

    [Fact]
    public void Evident_identity_weighs_by_what_compression_changed()
        => Follows(
            new IdentityLoss(new() { Weighting = IdentityWeighting.Evident }),
            f => (D(f(_y), _y) * (D(_x, _y) / (D(_x, _y).Mean() + 1e-6))).Mean(),
            wrong: f => D(f(_y), _y).Mean());

    [Fact]
    public void Idempotency_moves_the_inner_copy_alone()
        => Follows(new IdempotencyLoss(new()), f => D(Frozen(f(_x)), f(_x)).Mean(), wrong: f => D(f(f(_x)), f(_x)).Mean());

    [Theory]
    [InlineData(CompactnessBound.Raw)]
    [InlineData(CompactnessBound.Compressed)]
    public void Compactness_moves_the_outer_copy_alone_within_a_fixed_bound(CompactnessBound kind)
    {
        var inner = Frozen(_x);
        var bound = (kind == CompactnessBound.Raw ? D(Frozen(_y), _y) : D(inner, _y)) * 1.5;
        Follows(
            new CompactnessLoss(new() { Bound = kind }),
            f => -(bound * (D(f(inner), inner) / bound).Tanh()).Mean(),
            wrong: f => -(bound * (D(f(f(_x)), f(_x)) / bound).Tanh()).Mean());
    }

    [Fact]
    public void Multi_cycle_moves_every_copy()
        => Follows(
            new MultiCycleLoss(new() { Weights = [1, 0.1, 0.5] }),
            f => D(f(_x), _y).Mean() + (D(f(f(_x)), _y).Mean() * 0.1) + (D(f(f(f(_x))), _y).Mean() * 0.5),
            wrong: f => D(f(_x), _y).Mean() + (D(f(Frozen(_x)), _y).Mean() * 0.1));

    [Fact]
    public void A_network_that_already_leaves_raw_pictures_alone_has_a_finite_compactness()
    {
        _network.Numbers = new double[_network.Numbers.Length];
        var loss = new CompactnessLoss(new()).Evaluate(Input(_network));
        loss.Backward();
        Assert.Equal(0, loss.Item(), 9);
        Assert.All(_network.Gradient(), gradient => Assert.True(double.IsFinite(gradient)));
    }

    [Fact]
    public void All_terms_together_have_the_sum_of_their_gradients_and_share_the_passes()
    {
        ILossTerm[] terms = [new L1Loss(), new IdentityLoss(new()), new IdempotencyLoss(new()), new CompactnessLoss(new())];
        var sum = new double[_network.Numbers.Length];
        foreach (var term in terms)
            sum = [.. sum.Zip(GradientOf(term), (a, b) => a + b)];

        int passes = 0;
        var step = new LossInput(_network, _x, _y, [])
        {
            Precisely = compute =>
            {
                passes++;
                return compute();
            },
        };
        ZeroGrad();
        terms.Select(term => term.Evaluate(step)).Aggregate((a, b) => a + b).Backward();
        Assert.Equal(4, passes); // f(x), f(y), f⁻(f(x)), f(ŷ)
        Assert.All(_network.Gradient().Zip(sum), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
    }

    [Fact]
    public void Only_the_pass_over_compressed_patches_moves_running_statistics()
    {
        using var plain = new ProbeNetwork(batchNorm: true);
        using var adapted = new ProbeNetwork(batchNorm: true) { Numbers = plain.Numbers };
        new L1Loss().Evaluate(Input(plain)).Backward();
        var step = Input(adapted);
        ILossTerm[] terms = [new IdentityLoss(new()), new L1Loss(), new IdempotencyLoss(new()), new CompactnessLoss(new())];
        terms.Select(term => term.Evaluate(step)).Aggregate((a, b) => a + b).Backward();
        foreach (var ((name, one), (_, other)) in plain.NamedBuffers().Zip(adapted.NamedBuffers()))
        {
            Assert.True(one.DType == DType.Int64 || one.ToArray<double>()[0] is not (0 or 1), $"{name} did not move at all");
            Assert.Equal(Bytes(one), Bytes(other));
        }
    }

    public void Dispose()
    {
        foreach (var network in new[] { _network, _frozen, _moving })
            network.Dispose();
    }

    private void Follows(ILossTerm term, Func<Func<Tensor, Tensor>, Tensor> right, Func<Func<Tensor, Tensor>, Tensor> wrong)
    {
        double[] measured = GradientOf(term), expected = Differences(right);
        Assert.Equal(right(Frozen).Item(), term.Evaluate(Input(_network)).Item(), 1e-12);
        Assert.True(expected.Max(Math.Abs) > 1e-3, "a gradient of nothing proves nothing");
        Assert.All(measured.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, Tolerance));
        Assert.True(measured.Zip(Differences(wrong), (a, b) => Math.Abs(a - b)).Max() > 1e-3, "the wrong function would pass too");
    }

    private double[] GradientOf(ILossTerm term)
    {
        ZeroGrad();
        term.Evaluate(Input(_network)).Backward();
        return _network.Gradient();
    }

    private double[] Differences(Func<Func<Tensor, Tensor>, Tensor> function)
    {
        using var noGrad = Autograd.NoGrad();
        double[] at = _network.Numbers;
        return [.. Enumerable.Range(0, at.Length).Select(k => (At(k, Step) - At(k, -Step)) / (2 * Step))];

        double At(int k, double shift)
        {
            double[] moved = [.. at];
            moved[k] += shift;
            _moving.Numbers = moved;
            return function(input => _moving.Forward(input)).Item();
        }
    }

    private void ZeroGrad()
    {
        foreach (var parameter in _network.Parameters())
            parameter.Grad = null;
    }

    private Tensor Frozen(Tensor input) => _frozen.Forward(input);

    private LossInput Input(ProbeNetwork network) => new(network, _x, _y, Array.Empty<PatchFacts>());

    private static Tensor D(Tensor a, Tensor b) => (a - b).Abs().Mean([1, 2, 3]);

    private static byte[] Bytes(Tensor tensor)
    {
        byte[] bytes = new byte[tensor.Count * tensor.DType.Size()];
        tensor.ReadBytes(bytes);
        return bytes;
    }
}
