using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Networks;

public sealed class FbcnnTests
{
    [Theory]
    [InlineData(3, 71_921_796)]
    [InlineData(1, 71_919_490)]
    public void It_has_the_published_number_of_parameters(int channels, long expected)
    {
        using var shapes = ShapesOnly.Enter();
        using var network = Fbcnn.Entry.Create(new JsonObject { ["channels"] = channels });
        Assert.Equal(expected, network.ParameterCount());
    }

    [Fact]
    public void A_given_quality_takes_the_place_of_the_prediction()
    {
        using var network = (Fbcnn)SmallNetworks.Make("fbcnn");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        var input = Tensor.Rand([2, 3, 11, 19]);
        var predicted = network.PredictQuality(input);
        Assert.Equal([2, 1], predicted.Shape);
        Assert.InRange(predicted.Min().Item(), 0, 100);
        double[] blind = Numbers(network.Forward(input)), told = Numbers(network.Forward(input, new Conditions { Quality = predicted }));
        for (int k = 0; k < blind.Length; k++)
            Assert.Equal(blind[k], told[k], 1e-5);
        Assert.NotEqual(blind, Numbers(network.Forward(input, new Conditions { Quality = (predicted * 0) + 5 })));
    }

    [Fact]
    public void The_survey_is_used_and_leaves_a_given_quality_alone()
    {
        using var network = (Fbcnn)SmallNetworks.Make("fbcnn");
        using var noGrad = Autograd.NoGrad();
        using var scope = TensorScope.Enter();
        Tensor input = Tensor.Rand([1, 3, 16, 16]), other = Tensor.Rand([1, 3, 40, 24]) * 0.1;
        double[] own = Numbers(network.Forward(input));
        Assert.Equal(own, Numbers(network.Forward(input, network.Survey(input, Conditions.None))));
        Assert.NotEqual(own, Numbers(network.Forward(input, network.Survey(other, Conditions.None))));
        var given = new Conditions { Quality = Tensor.Ones([1, 1]) * 30 };
        Assert.Same(given, network.Survey(other, given));
    }

    private static double[] Numbers(Tensor tensor) => tensor.To(DType.Float64).ToArray<double>();
}
