namespace Unpress.Inference;

/// <summary>A network's output cannot be a restored picture, even in fp32; nothing of it may be saved.</summary>
public sealed class BrokenOutputException(string message) : Exception(message);
