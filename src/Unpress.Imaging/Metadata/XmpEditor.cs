using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Unpress.Imaging.Metadata;

/// <summary>Changes single properties of an XMP packet as text; the rest stays byte for byte.</summary>
public static partial class XmpEditor
{
    /// <summary>No program writes packets near this size; more is not worth an editor's time.</summary>
    public const int MaxBytes = 16 << 20;

    /// <summary>Hostile packets can keep a search for the ends of elements busy for hours.</summary>
    private const int TimeLimit = 2000;

    /// <summary>tiff:Orientation, as attribute or element, set to 1.</summary>
    public static byte[]? Upright(byte[] xmp) => Edit(xmp, text => OrientationProperty().Replace(text, "${1}1"));

    /// <summary>
    /// Without the properties that say a place: those with GPS, latitude or longitude in their names, of whichever namespace and however written.
    /// Null when the packet is too large or tangled to tell.
    /// </summary>
    public static byte[]? RemoveGps(byte[] xmp) =>
        Edit(xmp, text => GpsElement().Replace(GpsAttribute().Replace(text, ""), ""));

    /// <summary>
    /// For a result of width × height: with its size, and without the claim that the file holds a gain map, a video, further XMP or a preview, none of
    /// which is written. Null when the packet is too large or tangled to tell.
    /// </summary>
    public static byte[]? DropStale(byte[] xmp, int width, int height) => Edit(xmp, text =>
    {
        text = StaleElement().Replace(StaleAttribute().Replace(text, ""), "");
        return SizeProperty().Replace(text, match =>
            match.Groups[1].Value + (match.Groups[2].Value is "ImageWidth" or "PixelXDimension" ? width : height).ToString(CultureInfo.InvariantCulture));
    });

    /// <summary>With one more rdf:Description at its end, in a new packet when there is none; null when the packet has no place for it.</summary>
    /// <param name="attributes">ASCII: a namespace declaration and properties, as XML attributes.</param>
    public static byte[]? Append(byte[]? xmp, string attributes)
    {
        if (xmp is null)
            return Encoding.ASCII.GetBytes(EmptyPacket.Replace(Place, Description("rdf", attributes), StringComparison.Ordinal));
        string text = Encoding.Latin1.GetString(xmp);
        if (EndOfRdf().Matches(text) is not [.., var end])
            return null;
        return Encoding.Latin1.GetBytes(text.Insert(end.Index, Description(end.Groups[1].Value, attributes)));
    }

    /// <summary>Without the descriptions that <see cref="Append"/> wrote with attributes that begin so.</summary>
    public static byte[] RemoveAppended(byte[] xmp, string attributesStart) =>
        Edit(xmp, text => Regex.Replace(text, $"""<\w+:Description \w+:about="" {Regex.Escape(attributesStart)}[^<>]*/>""", "")) ?? xmp;

    private const string Place = "*";

    private const string EmptyPacket = """
        <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">*</rdf:RDF></x:xmpmeta><?xpacket end="w"?>
        """;

    private static string Description(string rdf, string attributes) => $"<{rdf}:Description {rdf}:about=\"\" {attributes}/>";

    [GeneratedRegex(@"</(\w+):RDF\s*>")]
    private static partial Regex EndOfRdf();

    /// <summary>Latin-1 maps every byte to one character and back, so bytes outside the match cannot change.</summary>
    private static byte[]? Edit(byte[] xmp, Func<string, string> change)
    {
        if (xmp.Length > MaxBytes)
            return null;
        try
        {
            return Encoding.Latin1.GetBytes(change(Encoding.Latin1.GetString(xmp)));
        }
        catch (RegexMatchTimeoutException)
        {
            return null;
        }
    }

    [GeneratedRegex("""(tiff:Orientation\s*(?:=\s*["']|>\s*))[0-9]+""", RegexOptions.None, TimeLimit)]
    private static partial Regex OrientationProperty();

    // Prefixes of namespaces are anybody's choice; makers of drones and telephones have namespaces of their own.
    private const string GpsName = @"(?!xmlns:)(?=[\w.-]*:?[\w.-]*(?:gps|latitude|longitude))[\w.-]+:[\w.-]+";

    [GeneratedRegex($"""\s{GpsName}\s*=\s*("[^"]*"|'[^']*')""", RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex GpsAttribute();

    [GeneratedRegex($"""<({GpsName})(?=[\s/>])[^>]*?(/>|>.*?</\1\s*>)""", RegexOptions.Singleline | RegexOptions.IgnoreCase, TimeLimit)]
    private static partial Regex GpsElement();

    private const string Stale =
        @"hdrgm:\w+|HDRGainMap:\w+|G?Container:Directory|G?Camera:(?:MotionPhoto|MicroVideo)\w*|xmpNote:HasExtendedXMP|xmp:Thumbnails";

    [GeneratedRegex($"""\s(?:{Stale})\s*=\s*("[^"]*"|'[^']*')""", RegexOptions.None, TimeLimit)]
    private static partial Regex StaleAttribute();

    [GeneratedRegex($@"<({Stale})\b[^>]*?(/>|>.*?</\1\s*>)", RegexOptions.Singleline, TimeLimit)]
    private static partial Regex StaleElement();

    [GeneratedRegex("""((?:tiff|exif):(ImageWidth|ImageLength|PixelXDimension|PixelYDimension)\s*(?:=\s*["']|>\s*))[0-9]+""", RegexOptions.None, TimeLimit)]
    private static partial Regex SizeProperty();
}
