namespace Unpress.Torch.Weights;

/// <summary>A weight file that cannot be used.</summary>
public sealed class WeightsFormatException(string path, string reason, Exception? inner = null) : FileException(path, reason, inner);
