using System.Text;
using System.Text.RegularExpressions;

namespace Unpress.Imaging.Metadata;

/// <summary>Changes single properties of an XMP packet as text; the rest stays byte for byte.</summary>
public static partial class XmpEditor
{
    /// <summary>tiff:Orientation, as attribute or element, set to 1.</summary>
    public static byte[] Upright(byte[] xmp) => Edit(xmp, text => OrientationProperty().Replace(text, "${1}1"));

    /// <summary>Without the exif:GPS… properties, whichever way they are written.</summary>
    public static byte[] RemoveGps(byte[] xmp) =>
        Edit(xmp, text => GpsElement().Replace(GpsAttribute().Replace(text, ""), ""));

    /// <summary>Latin-1 maps every byte to one character and back, so bytes outside the match cannot change.</summary>
    private static byte[] Edit(byte[] xmp, Func<string, string> change) =>
        Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(xmp)));

    [GeneratedRegex("""(tiff:Orientation\s*(?:=\s*["']|>\s*))[0-9]+""")]
    private static partial Regex OrientationProperty();

    [GeneratedRegex("""\s+exif:GPS\w*\s*=\s*("[^"]*"|'[^']*')""")]
    private static partial Regex GpsAttribute();

    [GeneratedRegex("""<(exif:GPS\w*)\b[^>]*?(/>|>.*?</\1\s*>)""", RegexOptions.Singleline)]
    private static partial Regex GpsElement();
}
