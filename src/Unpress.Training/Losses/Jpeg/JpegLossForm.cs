namespace Unpress.Losses;

/// <summary>How <see cref="JpegLoss"/> counts a coefficient outside its cell; the paper's copies leave both readings open.</summary>
public enum JpegLossForm
{
    /// <summary>max(0, d² − (q/2)²).</summary>
    Squares,

    /// <summary>max(0, |d| − q/2)².</summary>
    Excess,
}
