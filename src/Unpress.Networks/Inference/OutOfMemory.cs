using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>Tells lack of memory from other failures of libtorch.</summary>
internal static class OutOfMemory
{
    // libtorch has no error code for it; these are its words on the CPU and on CUDA.
    public static bool Is(TorchException error)
        => error.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase)
            || error.Message.Contains("can't allocate memory", StringComparison.OrdinalIgnoreCase);
}
