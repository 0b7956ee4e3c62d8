namespace Unpress.Consistency;

/// <summary>How far a picture agrees with the JPEG that it was restored from. Shares are 0..1, of all coefficients of all planes.</summary>
/// <param name="Coefficients">How many the file stores.</param>
/// <param name="InsideBefore">In the cell in which the file says they lay, before anything was moved.</param>
/// <param name="InsideAfter">The same of the result.</param>
/// <param name="Reproduced">Equal to the file's when libjpeg compresses the result with the file's tables and sampling.</param>
public sealed record ConsistencyCertificate(long Coefficients, double InsideBefore, double InsideAfter, double Reproduced);
