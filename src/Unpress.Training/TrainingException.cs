namespace Unpress.Training;

/// <summary>A training that cannot go on; the message says why and what to do.</summary>
public sealed class TrainingException(string message, Exception? inner = null) : Exception(message, inner);
