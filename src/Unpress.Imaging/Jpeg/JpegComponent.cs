namespace Unpress.Imaging.Jpeg;

/// <summary>One colour plane of a JPEG as its frame header describes it.</summary>
/// <param name="Id">Component identifier, usually 1, 2, 3.</param>
/// <param name="Horizontal">Horizontal sampling factor, 1–4.</param>
/// <param name="Vertical">Vertical sampling factor, 1–4.</param>
/// <param name="Table">Which quantisation table it uses, 0–3.</param>
/// <param name="BlocksWide">8×8 blocks that cover the plane, without the padding of the last unit.</param>
/// <param name="BlocksHigh">8×8 blocks that cover the plane, without the padding of the last unit.</param>
public sealed record JpegComponent(int Id, int Horizontal, int Vertical, int Table, int BlocksWide, int BlocksHigh);
