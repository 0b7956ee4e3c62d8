namespace Unpress.Recipes;

/// <summary>How often a training picture is drawn.</summary>
public enum ImageWeighting
{
    /// <summary>In proportion to its pixels: every place in the data is equally likely.</summary>
    Area,

    /// <summary>All pictures alike.</summary>
    Uniform,
}
