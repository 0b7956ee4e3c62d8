namespace Unpress.Downloads;

/// <summary>A file could not be fetched, or is not what it should be; the message says what to do instead.</summary>
public sealed class DownloadException(string message, Exception? inner = null) : IOException(message, inner);
