namespace Unpress.Imaging.Metadata;

/// <summary>How much of what a picture carries is written to the result.</summary>
public enum MetadataPolicy
{
    /// <summary>Everything, byte for byte, but for sizes, orientation and the thumbnail, which would no longer be true.</summary>
    Keep,

    /// <summary>As <see cref="Keep"/>, without the place: the GPS directory of EXIF and the GPS properties of XMP.</summary>
    NoGps,

    /// <summary>No EXIF, XMP or IPTC. The colour profile stays: without it the same numbers are other colours.</summary>
    None,
}
