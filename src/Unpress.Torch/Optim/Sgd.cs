namespace Unpress.Torch.Optim;

/// <summary>Stochastic gradient descent with PyTorch's momentum: v ← μ v + g, p ← p − lr · v.</summary>
public sealed class Sgd : Optimizer
{
    private readonly double _momentum;
    private readonly double _weightDecay;
    private readonly Tensor[]? _velocity;

    public Sgd(IEnumerable<(string Name, Tensor Tensor)> parameters, double learningRate, double momentum = 0, double weightDecay = 0)
        : base(parameters, learningRate)
    {
        (_momentum, _weightDecay) = (momentum, weightDecay);
        if (momentum != 0)
            _velocity = AddState("momentum_buffer");
    }

    protected override void Update(Tensor[] parameters, Tensor[] gradients)
    {
        if (_weightDecay != 0)
            gradients = Foreach.Sum(gradients, parameters, _weightDecay);
        if (_velocity is null)
        {
            Foreach.Add(parameters, gradients, -LearningRate);
            return;
        }

        Foreach.Mul(_velocity, _momentum);
        Foreach.Add(_velocity, gradients);
        Foreach.Add(parameters, _velocity, -LearningRate);
    }
}
