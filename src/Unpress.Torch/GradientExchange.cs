using Unpress.Torch.Interop;

namespace Unpress.Torch;

/// <summary>
/// The mean of gradients over the processes of a group, made while the backward pass still runs: the gradients leave in buckets, those of the last layers
/// first, each bucket as soon as its gradients are there (Li et al., PyTorch Distributed, VLDB 2020). All processes must make the same calls, for the same
/// parameters.
/// </summary>
/// <exception cref="TorchException">Of <see cref="Finish"/>: another process has ended or cannot be reached.</exception>
public sealed class GradientExchange : IDisposable
{
    private const long UsualBucket = 1 << 20;

    private readonly ExchangeHandle _handle;

    /// <param name="group">Stays the caller's; the exchange may outlive it.</param>
    /// <param name="parameters">Leaves that require a gradient, in the order of the layers.</param>
    /// <param name="bucketBytes">What leaves in one message, about.</param>
    public GradientExchange(ProcessGroup group, IReadOnlyList<Tensor> parameters, long bucketBytes = UsualBucket)
        => Native.Check(Native.ut_exchange_new(
            group.Handle, [.. parameters.Select(parameter => parameter.Handle)], parameters.Count, bucketBytes, out _handle));

    /// <summary>Before the backward pass that makes the gradients whole: of several that add up, the last.</summary>
    public void Begin() => Native.Check(Native.ut_exchange_begin(_handle));

    /// <summary>After it: waits for the others, and puts the means in the place of the gradients. A parameter without a gradient gets none.</summary>
    public void Finish() => Native.Check(Native.ut_exchange_finish(_handle));

    public void Dispose() => _handle.Dispose();
}
