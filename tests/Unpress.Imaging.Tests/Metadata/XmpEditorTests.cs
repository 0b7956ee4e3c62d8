using System.Text;
using System.Xml.Linq;
using Unpress.Imaging.Metadata;

namespace Unpress.Imaging.Tests.Metadata;

public class XmpEditorTests
{
    private const string Start = "xmlns:u=\"urn:u/\"";

    [Fact]
    public void An_appended_description_changes_nothing_else_and_can_be_removed()
    {
        byte[] packet = Encoding.UTF8.GetBytes("""
            <x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <r:Description r:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="Tür"/></r:RDF ></x:xmpmeta>
            """);
        byte[] appended = XmpEditor.Append(packet, $"{Start} u:A=\"1\"")!;
        Assert.Contains("<r:Description r:about=\"\" xmlns:u=\"urn:u/\" u:A=\"1\"/></r:RDF >", Encoding.UTF8.GetString(appended), StringComparison.Ordinal);
        Assert.Equal(packet, XmpEditor.RemoveAppended(appended, Start));
        Assert.Equal(appended, XmpEditor.RemoveAppended(appended, "xmlns:other=\"urn:u/\""));
    }

    [Fact]
    public void A_picture_without_xmp_gets_a_packet()
    {
        var packet = XDocument.Parse(Encoding.UTF8.GetString(XmpEditor.Append(null, $"{Start} u:A=\"1\"")!).Trim());
        Assert.Single(packet.Descendants(), element => (string?)element.Attribute(XName.Get("A", "urn:u/")) == "1");
    }

    [Fact]
    public void A_packet_without_rdf_has_no_place() => Assert.Null(XmpEditor.Append("junk"u8.ToArray(), Start));
}
