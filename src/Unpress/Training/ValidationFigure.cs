namespace Unpress.Training;

/// <summary>Mean PSNR (RGB, dB) of the validation pictures at one quality, before and after enhancement.</summary>
public sealed record ValidationFigure(int Quality, double Compressed, double Enhanced);
