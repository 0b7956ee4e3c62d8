namespace Unpress.Imaging;

/// <summary>libjpeg or libvips refused; the message is theirs. Callers that know the file turn it into <see cref="InvalidFileException"/>.</summary>
public sealed class NativeImageException(string message) : Exception(message);
