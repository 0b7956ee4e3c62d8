using Unpress.Networks.Importing;
using Unpress.Torch;
using Unpress.Torch.Nn;
using Unpress.Torch.Weights;

namespace Unpress.Tests.Networks.Importing;

public sealed class WeightMatcherTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("module.", "module")]
    [InlineData("state_dict.module.model.", "state_dict.module.model")]
    [InlineData("params_ema.", "params_ema")]
    public void Wrappers_are_taken_off(string prefix, string container)
    {
        var match = Match([Of(prefix + "0.weight", 2, 3), Of(prefix + "0.bias", 2)]);
        Assert.Equal(0, match.Faults);
        Assert.Equal(container, match.Container);
        Assert.Equal(["0.weight", "0.bias"], match.Tensors.Select(tensor => tensor.Name));
    }

    [Theory]
    [InlineData("netG", "netG_ema")]
    [InlineData("state_dict", "ema")]
    [InlineData("model", "model_ema.module")]
    public void Averaged_weights_come_first_under_all_their_names(string raw, string averaged)
    {
        var match = Match([.. new[] { raw, averaged }.SelectMany(place => new[] { Of(place + ".0.weight", 2, 3), Of(place + ".0.bias", 2) })]);
        Assert.Equal(averaged, match.Container);
    }

    [Fact]
    public void Averaged_weights_come_before_raw_ones_and_what_lies_beside_them_is_told()
    {
        var match = Match([Of("params.0.weight", 2, 3), Of("params.0.bias", 2), Of("params_ema.0.weight", 2, 3), Of("params_ema.0.bias", 2)]);
        Assert.Equal("params_ema", match.Container);
        Assert.Equal(["params.0.weight", "params.0.bias"], match.Beside);
    }

    [Theory]
    [InlineData("zip")]
    [InlineData("legacy")]
    public void A_training_checkpoint_of_PyTorch_gives_its_averaged_network(string kind)
    {
        using var file = WeightFile.Open(RepoPaths.Combine("tests", "golden", "weights", $"checkpoint_{kind}.pth"));
        using var network = new Sequential(new Conv2d(1, 2, 3), new BatchNorm2d(2));
        var match = WeightMatcher.Match(file.Tensors, network.StateDict());
        Assert.Equal(0, match.Faults);
        Assert.Equal("params_ema.module", match.Container);
        network.StateDict().Load(match.Tensors, file.Path);
        Assert.Equal([1f, 2f], network.StateDict().Single(entry => entry.Name == "0.bias").Tensor.ToArray<float>());
    }

    [Fact]
    public void The_rule_of_a_network_renames_leaves_out_and_never_touches_our_own_names()
    {
        string? Rule(string name) => name switch
        {
            "mask" => null,
            "first.w" => "0.weight",
            "0.bias" => throw new InvalidOperationException("ours already"),
            _ => name,
        };
        var match = Match([Of("params.first.w", 2, 3), Of("params.0.bias", 2), Of("params.mask", 9)], Rule);
        Assert.Equal(0, match.Faults);
        Assert.Equal(["mask"], match.Unneeded);
    }

    [Fact]
    public void Every_name_without_a_counterpart_is_told_on_both_sides()
    {
        var match = Match([Of("module.0.weight", 2, 4), Of("module.1.weight", 2)]);
        Assert.Equal(["0.bias"], match.Missing);
        Assert.Equal(["1.weight"], match.Unexpected);
        Assert.Equal(["0.weight is [2,4], expected [2,3]"], match.OtherShape);
    }

    [Fact]
    public void Two_tensors_for_one_place_are_a_fault()
    {
        var match = Match([Of("0.weight", 2, 3), Of("0.bias", 2), Of("old.weight", 2, 3)], name => name.Replace("old", "0", StringComparison.Ordinal));
        Assert.Contains("old.weight", Assert.Single(match.Unexpected), StringComparison.Ordinal);
    }

    private static WeightMatch Match(StoredTensor[] tensors, Func<string, string?>? rule = null)
    {
        using var network = new Sequential(new Linear(3, 2));
        return WeightMatcher.Match(tensors, network.StateDict(), rule);
    }

    private static StoredTensor Of(string name, params long[] shape)
        => new(name, DType.Float32, shape, new byte[4 * shape.Aggregate(1L, (product, size) => product * size)]);
}
