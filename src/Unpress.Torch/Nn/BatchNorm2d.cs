namespace Unpress.Torch.Nn;

/// <summary>Batch normalisation over N, H, W with running statistics, as in PyTorch.</summary>
public sealed class BatchNorm2d : Layer
{
    private readonly Tensor _weight;
    private readonly Tensor _bias;
    private readonly Tensor _runningMean;
    private readonly Tensor _runningVar;
    private readonly Tensor _batches;
    private readonly double _momentum;
    private readonly double _epsilon;

    public BatchNorm2d(long channels, double momentum = 0.1, double epsilon = 1e-5)
    {
        (_momentum, _epsilon) = (momentum, epsilon);
        _weight = AddParameter("weight", Tensor.Ones([channels]));
        _bias = AddParameter("bias", Tensor.Zeros([channels]));
        _runningMean = AddBuffer("running_mean", Tensor.Zeros([channels]));
        _runningVar = AddBuffer("running_var", Tensor.Ones([channels]));
        _batches = AddBuffer("num_batches_tracked", Tensor.Zeros([], DType.Int64));
    }

    public override Tensor Forward(Tensor input)
    {
        if (Training)
            AddOne.Run(_batches, 1L);
        return Functional.BatchNorm(input, _weight, _bias, _runningMean, _runningVar, Training, _momentum, _epsilon);
    }

    private static readonly Op AddOne = Op.Find("aten::add_.Scalar");
}
