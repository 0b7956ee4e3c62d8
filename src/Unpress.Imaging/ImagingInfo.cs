using Unpress.Imaging.Codecs;

namespace Unpress.Imaging;

/// <summary>What the picture library of this process is made of.</summary>
public static class ImagingInfo
{
    /// <summary>libvips's version, as 8.14.1.</summary>
    /// <exception cref="DllNotFoundException">Our own picture library, or libvips under it, cannot be loaded.</exception>
    public static string VipsVersion
    {
        get
        {
            _ = JpegCodec.Instance.Encoder; // any call into the picture library brings libvips along
            return LibraryVersion.Text("libvips.so.42", "vips_version_string");
        }
    }
}
