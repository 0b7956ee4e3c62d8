namespace Unpress.Evaluation;

/// <summary>How strongly a network takes one picture to be compressed.</summary>
/// <param name="Quality">The JPEG quality factor it was compressed with; null for the original.</param>
/// <param name="Found">The network's number, about 1..100.</param>
/// <param name="Class">The most likely of its classes, 1..100; null where it has none.</param>
public sealed record EstimateRow(string Image, int? Quality, double Found, int? Class)
{
    /// <summary>What is right; originals count as 100, as in trainings.</summary>
    public int Truth => Quality ?? 100;

    /// <summary>Its class, or where it has none its number without decimals, is the right one.</summary>
    public bool IsExact => (Class ?? (int)Math.Round(Found)) == Truth;

    public double Error => Math.Abs(Found - Truth);
}
