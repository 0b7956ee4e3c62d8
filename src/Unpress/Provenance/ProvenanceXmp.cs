using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Unpress.Imaging.Metadata;

namespace Unpress.Provenance;

/// <summary>A <see cref="ProvenanceNote"/> in an XMP packet. Written as text, the rest byte for byte; read as XML, whatever another program made of it.</summary>
internal static class ProvenanceXmp
{
    private const string Namespace = "urn:x-unpress:provenance/1/";
    private const string Start = $"xmlns:unpress=\"{Namespace}\"";

    /// <summary>A JPEG holds 65,502 bytes of XMP: beyond that the file could not be written at all.</summary>
    private const int MaxPacket = 65_000;

    /// <summary>The packet with the note in place of an earlier one; the packet itself when there is no room for it.</summary>
    public static byte[]? Write(byte[]? xmp, ProvenanceNote note)
    {
        string properties = string.Concat(Properties(note).Select(property => $" unpress:{property.Name}=\"{Escape(property.Value)}\""));
        byte[]? written = XmpEditor.Append(xmp is null ? null : XmpEditor.RemoveAppended(xmp, Start), Start + properties);
        return written is null || written.Length > MaxPacket ? xmp : written;
    }

    /// <summary>The last note in the packet; null when there is none, or the packet is no XML.</summary>
    public static ProvenanceNote? Read(byte[] xmp)
    {
        try
        {
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false };
            using var reader = XmlReader.Create(new MemoryStream(xmp, 0, Length(xmp)), settings);
            var holders = XDocument.Load(reader).Descendants().Where(element => Property(element, "Source") is not null);
            return holders.LastOrDefault() is { } holder ? From(holder) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static IEnumerable<(string Name, string Value)> Properties(ProvenanceNote note)
    {
        yield return ("Model", note.Model);
        yield return ("Version", note.Version);
        yield return ("Strength", note.Strength.ToString(CultureInfo.InvariantCulture));
        yield return ("Method", note.Method);
        yield return ("Source", note.Source);
        if (note.Result is not null)
            yield return ("Result", note.Result);
    }

    private static ProvenanceNote From(XElement holder) => new(
        Property(holder, "Model") ?? "unknown",
        Property(holder, "Version") ?? "unknown",
        double.TryParse(Property(holder, "Strength"), NumberStyles.Float, CultureInfo.InvariantCulture, out double strength) ? strength : double.NaN,
        Property(holder, "Method") ?? "unknown",
        Property(holder, "Source")!,
        Property(holder, "Result"));

    /// <summary>An attribute as we write it, or an element as other programs do when they save the packet anew.</summary>
    private static string? Property(XElement holder, string name)
        => (string?)holder.Attribute(XName.Get(name, Namespace)) ?? (string?)holder.Element(XName.Get(name, Namespace));

    /// <summary>Some files end their packets in zeros, which are no XML.</summary>
    private static int Length(byte[] xmp) => xmp.AsSpan().TrimEnd((byte)0).Length;

    private static string Escape(string value)
    {
        var text = new StringBuilder();
        foreach (var rune in value.EnumerateRunes())
        {
            bool plain = rune.Value is >= 0x20 and < 0x7F && !"<>&\"'".Contains((char)rune.Value, StringComparison.Ordinal);
            text.Append(plain ? rune.ToString() : $"&#{rune.Value};");
        }
        return text.ToString();
    }
}
