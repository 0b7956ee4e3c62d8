using System.Diagnostics;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Lab.Planning;

/// <summary>How fast this machine trains, for estimates.</summary>
public static class TrainingSpeed
{
    private const int Channels = 64, Side = 64, Batch = 8, Rounds = 4;

    /// <summary>Multiply-accumulates a second of a 3×3 convolution of 64 channels, forward and backward, in fp32 on the processor.</summary>
    public static double Measure()
    {
        using var scope = TensorScope.Enter();
        using var convolution = Conv2d.Same(Channels, Channels, 3);
        var input = Tensor.Zeros([Batch, Channels, Side, Side]);
        Pass();
        var clock = Stopwatch.StartNew();
        for (int round = 0; round < Rounds; round++)
            Pass();
        // The gradient of the input is not needed here, and so not computed: two passes' worth of products.
        return 2.0 * Rounds * Batch * Side * Side * 9 * Channels * Channels / clock.Elapsed.TotalSeconds;

        void Pass()
        {
            using var inner = TensorScope.Enter();
            convolution.Forward(input).Mean().Backward();
        }
    }
}
