namespace Unpress.Imaging.Metadata;

/// <summary>One field of a directory of a TIFF file, or of an EXIF block, which is built the same way.</summary>
/// <param name="Type">1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL and so on, as TIFF numbers them.</param>
/// <param name="Count">Values of that type.</param>
/// <param name="Value">All of them, lowest byte first; or four bytes as they stand in the directory.</param>
/// <param name="Directory">What the value points to, when that is a directory.</param>
internal sealed record TiffField(ushort Tag, ushort Type, uint Count, byte[] Value, IReadOnlyList<TiffField>? Directory = null);
