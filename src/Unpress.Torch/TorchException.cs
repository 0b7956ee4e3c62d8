namespace Unpress.Torch;

/// <summary>libtorch refused an operation; the message is its own, without the C++ backtrace.</summary>
public sealed class TorchException(string message) : UnpressException(message);
