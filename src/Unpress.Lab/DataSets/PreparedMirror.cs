namespace Unpress.DataSets;

/// <summary>How a compressed mirror of a prepared set was made.</summary>
/// <param name="Encoder">Library and version.</param>
/// <param name="Tables">
/// The quantisation tables of a JPEG mirror: 64 steps each, row by row, first that of luma, then that of chroma. Empty for other codecs.
/// </param>
public sealed record PreparedMirror(string Codec, int Quality, string Encoder, IReadOnlyList<string> Tables);
