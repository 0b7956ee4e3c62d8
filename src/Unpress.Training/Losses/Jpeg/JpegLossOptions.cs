namespace Unpress.Losses;

/// <summary>Options of <see cref="JpegLoss"/>.</summary>
public sealed record JpegLossOptions
{
    public JpegLossForm Form { get; init; } = JpegLossForm.Squares;
}
