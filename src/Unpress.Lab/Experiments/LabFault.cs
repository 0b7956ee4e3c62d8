using Unpress.Imaging;
using Unpress.Imaging.Processes;
using Unpress.Inference;
using Unpress.Metrics;
using Unpress.Torch;

namespace Unpress.Lab.Experiments;

/// <summary>What may go wrong with one picture without the rest of a run being lost.</summary>
internal static class LabFault
{
    /// <summary>One line; null for what is our own mistake or the machine's.</summary>
    public static string? Reason(Exception error) => error switch
    {
        InvalidFileException or IncomparableException or UnsuitablePictureException or BrokenOutputException or NativeImageException
            or ProcessFailedException or TorchException or InvalidDataException or IOException or UnauthorizedAccessException
            => error.Message.ReplaceLineEndings(" "),
        _ => null,
    };
}
