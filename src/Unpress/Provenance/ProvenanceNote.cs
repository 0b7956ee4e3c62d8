using System.Globalization;
using System.Reflection;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Unpress.Imaging;
using Unpress.Imaging.Metadata;

namespace Unpress.Provenance;

/// <summary>
/// What a result says of itself in its XMP, so that nobody enhances it twice by accident. In a namespace of its own, as attributes of one
/// rdf:Description; see docs/provenance.md.
/// </summary>
/// <param name="Model">Name of the model, without folder and extension.</param>
/// <param name="Version">Of the program.</param>
/// <param name="Strength">0..100.</param>
/// <param name="Method">"network", or "network, consistent" for a result that agrees with its JPEG.</param>
/// <param name="Source">Hash of the pixels that were enhanced.</param>
/// <param name="Result">Hash of the pixels that a reader of the result finds; null when they were not known when it was written.</param>
public sealed record ProvenanceNote(string Model, string Version, double Strength, string Method, string Source, string? Result)
{
    /// <param name="model">Its name, or its file.</param>
    /// <param name="stored">What a reader will find; null when that is not known.</param>
    public static ProvenanceNote Of(string model, double strength, bool consistent, ImageBuffer source, ImageBuffer? stored) => new(
        Path.GetFileNameWithoutExtension(model),
        ProgramVersion,
        strength,
        consistent ? "network, consistent" : "network",
        PixelHash.Of(source),
        stored is null ? null : PixelHash.Of(stored));

    /// <summary>The note of a picture; null when it has none.</summary>
    public static ProvenanceNote? Find(ImageMetadata metadata) => metadata.Xmp is { } xmp ? ProvenanceXmp.Read(xmp) : null;

    /// <summary>Replaces the note that is there, if any. XMP that is damaged or full stays as it is.</summary>
    public void WriteTo(ImageMetadata metadata) => metadata.Xmp = ProvenanceXmp.Write(metadata.Xmp, this);

    /// <summary>Whether these are the pixels that were written with the note; null when the note does not say.</summary>
    public bool? Describes(ImageBuffer image) => Result is null ? null : Result == PixelHash.Of(image);

    /// <summary>For people: "unpress 0.1.0, model unpress, strength 100".</summary>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"unpress {Version}, model {Model}, strength {Strength:0.##}");

    /// <summary>Without the commit that builds append.</summary>
    private static string ProgramVersion => typeof(ProvenanceNote).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}

/// <summary>A name for the pixels of a picture, whatever file they come from.</summary>
internal static class PixelHash
{
    /// <summary>"sha256:" and 64 hexadecimal digits, of size, bands, depth and samples, upright.</summary>
    public static string Of(ImageBuffer image)
    {
        using var hash = new Sha256();
        hash.Append(Encoding.ASCII.GetBytes($"{image.Width}x{image.Height} {image.Model} {image.HasAlpha} {image.BitsPerSample}\n"));
        hash.Append(image.Data);
        return "sha256:" + hash.Finish();
    }
}

/// <summary>
/// A <see cref="ProvenanceNote"/> in an XMP packet. Written as text, the rest byte for byte; read as XML, whatever another program made of
/// it.
/// </summary>
internal static class ProvenanceXmp
{
    private const string Namespace = "urn:x-unpress:provenance/1/";
    private const string Start = $"xmlns:unpress=\"{Namespace}\"";

    /// <summary>A JPEG holds 65,502 bytes of XMP: beyond that the file could not be written at all.</summary>
    private const int MaxPacket = 65_000;

    /// <summary>Larger packets hold previews and the like, and none of our notes is written into them.</summary>
    private const int MaxRead = 1 << 20;

    /// <summary>Real packets nest about ten elements.</summary>
    private const int MaxDepth = 64;

    private static ReadOnlySpan<byte> NamespaceBytes => "urn:x-unpress:provenance/1/"u8;

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
        // Most packets have no note; hostile ones can keep a parser busy for minutes.
        if (xmp.Length > MaxRead || xmp.AsSpan().IndexOf(NamespaceBytes) < 0)
            return null;
        try
        {
            if (!IsShallow(xmp))
                return null;
            using var reader = Open(xmp);
            var holders = XDocument.Load(reader).Descendants().Where(element => Property(element, "Source") is not null);
            return holders.LastOrDefault() is { } holder ? From(holder) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static XmlReader Open(byte[] xmp) => XmlReader.Create(
        new MemoryStream(xmp, 0, Length(xmp)), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, CheckCharacters = false });

    /// <summary>Read without building anything, and no further than to the first element that lies too deep.</summary>
    private static bool IsShallow(byte[] xmp)
    {
        using var reader = Open(xmp);
        while (reader.Read())
        {
            if (reader.Depth > MaxDepth)
                return false;
        }

        return true;
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
