namespace Unpress.Inference;

/// <summary>A network cannot take this picture: it lacks what the network works on. The message says what, without the picture's name.</summary>
public sealed class UnsuitablePictureException(string message) : Exception(message);
