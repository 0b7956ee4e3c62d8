namespace Unpress.Training;

/// <summary>Mean PSNR (RGB, dB) of the validation pictures at one setting of the codec, before and after enhancement.</summary>
/// <param name="Scale">What the codec calls its settings: QF, QP, quality.</param>
public sealed record ValidationFigure(string Scale, int Quality, double Compressed, double Enhanced);
