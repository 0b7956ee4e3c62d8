namespace Unpress.Diagnostics;

/// <summary>A codec and the encoder found for it.</summary>
/// <param name="Encoder">Library and version; null when there is none on this machine.</param>
/// <param name="Problem">Why there is none and how to get one; null when there is one.</param>
public sealed record CodecState(string Name, string? Encoder, string? Problem);
