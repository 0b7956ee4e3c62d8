namespace Unpress.Vision.Scores;

/// <summary>How large things are that COCO's figures are of.</summary>
public enum CocoSize
{
    Any,

    /// <summary>Up to 32² pixels.</summary>
    Small,

    /// <summary>32² to 96² pixels.</summary>
    Medium,

    /// <summary>96² pixels and more.</summary>
    Large,
}
