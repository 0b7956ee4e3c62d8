namespace Unpress.Losses;

/// <summary>The distance that bounds <see cref="CompactnessLoss"/>; sources disagree which.</summary>
public enum CompactnessBound
{
    /// <summary>d(f(y), y), how far the network moves the raw picture.</summary>
    Raw,

    /// <summary>d(f(x), y), how far the enhanced picture is from the raw one.</summary>
    Compressed,
}
