namespace Unpress.Torch;

/// <summary>What stands beyond the border.</summary>
public enum Padding
{
    /// <summary>The picture mirrored, without repeating the border pixel.</summary>
    Reflect,

    /// <summary>The border pixel.</summary>
    Replicate,

    /// <summary>Zeros.</summary>
    Zero,
}
