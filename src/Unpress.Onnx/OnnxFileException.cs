namespace Unpress.Onnx;

/// <summary>A model file that cannot be used.</summary>
public sealed class OnnxFileException(string path, string reason, Exception? inner = null) : FileException(path, reason, inner);
