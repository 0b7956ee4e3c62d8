namespace Unpress.Imaging;

/// <summary>libvips, or a program that does its work, refused; the message is theirs. Callers that know the file turn it into <see cref="InvalidFileException"/>.</summary>
public sealed class NativeImageException(string message) : Exception(message);
