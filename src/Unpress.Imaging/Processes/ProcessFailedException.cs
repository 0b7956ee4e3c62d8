namespace Unpress.Imaging.Processes;

/// <summary>A child process that ended badly or ran out of time; the message is one line with its last words.</summary>
public sealed class ProcessFailedException(string message, Exception? inner = null) : Exception(message, inner);
