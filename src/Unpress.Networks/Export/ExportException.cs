namespace Unpress.Networks.Export;

/// <summary>A network that cannot be written as a graph: its message says which operator or size is in the way.</summary>
public sealed class ExportException(string message) : Exception(message);
