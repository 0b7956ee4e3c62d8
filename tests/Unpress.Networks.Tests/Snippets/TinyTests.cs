using System.Text.Json.Nodes;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Tests.Snippets;

public class TinyTests
{
    [Fact]
    public void The_example_network_of_CONTRIBUTING_works()
    {
        using TensorScope scope = TensorScope.Enter();
        using Network network = Tiny.Entry.Create(new JsonObject { ["channels"] = 1, ["width"] = 4 });

        Tensor output = network.Forward(Tensor.From(new float[5 * 7], 1, 1, 5, 7));

        Assert.Equal([1, 1, 5, 7], output.Shape);
    }
}
