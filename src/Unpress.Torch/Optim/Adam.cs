namespace Unpress.Torch.Optim;

/// <summary>
/// Adam (Kingma and Ba 2015, algorithm 1) and, with decoupled weight decay, AdamW (Loshchilov and Hutter 2019, algorithm 2);
/// the arithmetic is PyTorch's, so its checkpoints and figures carry over.
/// </summary>
public sealed class Adam : Optimizer
{
    private readonly AdamOptions _options;
    private readonly Tensor[] _mean;
    private readonly Tensor[] _variance;

    public Adam(IEnumerable<(string Name, Tensor Tensor)> parameters, double learningRate, AdamOptions? options = null)
        : base(parameters, learningRate)
    {
        _options = options ?? new AdamOptions();
        _mean = AddState("exp_avg");
        _variance = AddState("exp_avg_sq");
    }

    protected override void Update(Tensor[] parameters, Tensor[] gradients)
    {
        var (beta1, beta2, epsilon) = (_options.Beta1, _options.Beta2, _options.Epsilon);
        if (_options.WeightDecay != 0 && _options.Decoupled)
            Foreach.Mul(parameters, 1 - (LearningRate * _options.WeightDecay));
        else if (_options.WeightDecay != 0)
            gradients = Foreach.Sum(gradients, parameters, _options.WeightDecay);

        Foreach.Mul(_mean, beta1);
        Foreach.Add(_mean, gradients, 1 - beta1);
        Foreach.Mul(_variance, beta2);
        Foreach.AddProduct(_variance, gradients, gradients, 1 - beta2);

        double correction1 = 1 - Math.Pow(beta1, Steps);
        double correction2 = 1 - Math.Pow(beta2, Steps);
        var denominator = Foreach.Sqrt(_variance);
        Foreach.Div(denominator, Math.Sqrt(correction2));
        Foreach.Add(denominator, epsilon);
        Foreach.AddQuotient(parameters, _mean, denominator, -LearningRate / correction1);
    }
}
