namespace Unpress.Vision;

/// <summary>How a picture becomes a square.</summary>
public enum InputFit
{
    /// <summary>Scaled to fit, in the middle, the rest filled.</summary>
    Letterbox,

    /// <summary>Each side scaled by itself.</summary>
    Stretch,
}
