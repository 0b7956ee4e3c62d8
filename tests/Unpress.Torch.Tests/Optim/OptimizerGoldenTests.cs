using Unpress.Torch.Optim;
using Unpress.Torch.Weights;

namespace Unpress.Torch.Tests.Optim;

/// <summary>Six steps along given gradients, the learning rate halved after the third, as PyTorch's own optimisers take them.</summary>
public class OptimizerGoldenTests
{
    private delegate Optimizer Factory(IEnumerable<(string Name, Tensor Tensor)> parameters);

    private const int Steps = 6;

    private static readonly Dictionary<string, Factory> Optimizers = new()
    {
        ["adam"] = p => new Adam(p, 0.1),
        ["adam_decay"] = p => new Adam(p, 0.02, new AdamOptions(0.8, 0.95, 1e-6, 0.3)),
        ["adamw"] = p => new Adam(p, 0.1, new AdamOptions(WeightDecay: 0.3, Decoupled: true)),
        ["sgd"] = p => new Sgd(p, 0.1),
        ["sgd_momentum"] = p => new Sgd(p, 0.1, 0.9, 0.05),
    };

    public static TheoryData<string> Names => [.. Optimizers.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_are_PyTorchs(string name)
    {
        using WeightFile golden = TorchGolden.Open("optimisers.pth");
        using var scope = TensorScope.Enter();
        (string Name, Tensor Tensor)[] parameters = Start(golden, name);
        using Optimizer optimizer = Optimizers[name](parameters);
        for (int step = 0; step < Steps; step++)
            Step(golden, name, step, optimizer, parameters);
        Assert.Equal(Steps, optimizer.Steps);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_resumed_optimiser_goes_on_where_the_first_one_stopped(string name)
    {
        using WeightFile golden = TorchGolden.Open("optimisers.pth");
        using var scope = TensorScope.Enter();
        (string Name, Tensor Tensor)[] parameters = Start(golden, name);
        using Optimizer first = Optimizers[name](parameters), second = Optimizers[name](parameters);
        for (int step = 0; step < 2; step++)
            Step(golden, name, step, first, parameters);

        using (Autograd.NoGrad())
            foreach (var (saved, fresh) in first.StateDict().Zip(second.StateDict()))
                fresh.Tensor.Copy(saved.Tensor);
        second.Resume(first.Steps);
        for (int step = 2; step < Steps; step++)
            Step(golden, name, step, second, parameters);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_leaves_the_gradients_as_they_were(string name)
    {
        using WeightFile golden = TorchGolden.Open("optimisers.pth");
        using var scope = TensorScope.Enter();
        (string Name, Tensor Tensor)[] parameters = Start(golden, name);
        using Optimizer optimizer = Optimizers[name](parameters);
        Step(golden, name, 0, optimizer, parameters);
        foreach (var (key, tensor) in parameters)
            TorchGolden.AssertClose(golden[$"{name}.grad0.{key}"], tensor.Grad!, 0);
    }

    [Fact]
    public void State_is_named_by_kind_and_parameter()
    {
        using var scope = TensorScope.Enter();
        using var adam = new Adam([("body.0.weight", Tensor.Zeros([2]))], 1);
        Assert.Equal(["exp_avg.body.0.weight", "exp_avg_sq.body.0.weight"], adam.StateDict().Select(entry => entry.Name));
    }

    [Fact]
    public void A_parameter_outside_the_loss_is_named()
    {
        using var scope = TensorScope.Enter();
        using var sgd = new Sgd([("lonely", Tensor.Zeros([2]))], 1);
        Assert.Contains("lonely", Assert.Throws<InvalidOperationException>(sgd.Step).Message, StringComparison.Ordinal);
    }

    private static (string Name, Tensor Tensor)[] Start(WeightFile golden, string name)
    {
        (string Name, Tensor Tensor)[] parameters = [("a", golden.Load($"{name}.start.a")), ("b", golden.Load($"{name}.start.b"))];
        foreach (var (_, tensor) in parameters)
            tensor.RequiresGrad = true;
        return parameters;
    }

    private static void Step(WeightFile golden, string name, int step, Optimizer optimizer, (string Name, Tensor Tensor)[] parameters)
    {
        if (step == 3)
            optimizer.LearningRate /= 2;
        foreach (var (key, tensor) in parameters)
            tensor.Grad = golden.Load($"{name}.grad{step}.{key}");
        optimizer.Step();
        foreach (var (key, tensor) in parameters)
            TorchGolden.AssertClose(golden[$"{name}.after{step}.{key}"], tensor);
    }
}
