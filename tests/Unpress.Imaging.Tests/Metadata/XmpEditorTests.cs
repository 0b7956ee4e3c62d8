using System.Text;
using System.Xml.Linq;
using Unpress.Imaging.Metadata;
using Unpress.Testing;

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

    [Theory]
    [InlineData("hdrgm:Version=\"1.0\"", "")]
    [InlineData("", "<Container:Directory><rdf:Seq><rdf:li><Container:Item Item:Semantic=\"GainMap\"/></rdf:li></rdf:Seq></Container:Directory>")]
    [InlineData("GCamera:MotionPhoto=\"1\" GCamera:MotionPhotoVersion='1' GCamera:MicroVideoOffset=\"5032\"", "")]
    [InlineData("", "<xmpNote:HasExtendedXMP>A09D</xmpNote:HasExtendedXMP>")]
    [InlineData("HDRGainMap:HDRGainMapVersion=\"65536\"", "<xmp:Thumbnails><rdf:Alt><rdf:li/></rdf:Alt></xmp:Thumbnails>")]
    public void Claims_that_are_no_longer_true_are_dropped_and_nothing_else(string attributes, string elements)
    {
        string Packet(string a, string e) => $"<rdf:RDF xmlns:hdrgm=\"h\"><rdf:Description{(a.Length > 0 ? " " + a : "")} dc:title=\"T\">{e}<dc:creator>Ä</dc:creator></rdf:Description></rdf:RDF>";
        string left = Encoding.UTF8.GetString(XmpEditor.DropStale(Encoding.UTF8.GetBytes(Packet(attributes, elements)), 5, 6)!);
        Assert.Equal(Packet("", ""), left);
    }

    [Fact]
    public void Sizes_are_those_of_the_result()
    {
        const string packet = "<r tiff:ImageWidth=\"161\" exif:PixelYDimension='121'><tiff:ImageLength>121</tiff:ImageLength><exif:PixelXDimension> 161 </exif:PixelXDimension></r>";
        Assert.Equal(
            "<r tiff:ImageWidth=\"121\" exif:PixelYDimension='161'><tiff:ImageLength>161</tiff:ImageLength><exif:PixelXDimension> 121 </exif:PixelXDimension></r>",
            Encoding.UTF8.GetString(XmpEditor.DropStale(Encoding.UTF8.GetBytes(packet), 121, 161)!));
    }

    /// <summary>A million blanks, and as many beginnings of elements that never end.</summary>
    [Fact]
    public void Hostile_packets_cost_seconds_and_no_place_is_passed_on_that_could_not_be_found()
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        byte[] blanks = Encoding.ASCII.GetBytes(new string(' ', 1_000_000) + "exif:GPSLatitude=\"1\"");
        Assert.DoesNotContain("GPS", Encoding.ASCII.GetString(XmpEditor.RemoveGps(blanks) ?? []), StringComparison.Ordinal);
        byte[] open = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<exif:GPSa>", 200_000)));
        Assert.Null(XmpEditor.RemoveGps(open));
        Assert.Null(XmpEditor.RemoveGps(new byte[XmpEditor.MaxBytes + 1]));
        XmpEditor.DropStale(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("<hdrgm:a>", 200_000))), 1, 1);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 60);
    }

    [Theory]
    [InlineData(" drone-dji:GpsLatitude=\"48.11\"")]
    [InlineData(" e:GPSLatitude='48,6.6N'")]
    [InlineData(" drone-dji:AbsoluteLongitude=\"11.5\"")]
    public void Places_go_whatever_their_namespace_is_called(string attribute)
    {
        byte[] packet = Encoding.ASCII.GetBytes(
            $"<rdf:Description xmlns:gpsbox=\"x\" a:b=\"1\"{attribute} c:d=\"2\"><z:GPS_x><y:w/></z:GPS_x><k:l/></rdf:Description>");
        Assert.Equal(
            "<rdf:Description xmlns:gpsbox=\"x\" a:b=\"1\" c:d=\"2\"><k:l/></rdf:Description>", Encoding.ASCII.GetString(XmpEditor.RemoveGps(packet)!));
    }

    [SharedDataTheory("cases/09-stale-xmp")]
    [InlineData("ext.jpg")]
    [InlineData("full.jpg")]
    [InlineData("motion.jpg")]
    [InlineData("ultrahdr.jpg")]
    public void Results_of_real_files_claim_nothing_that_they_lack(string file)
    {
        ImageBuffer image = ImageFile.Load(SharedData.Path("cases", "09-stale-xmp", file));
        string xmp = Encoding.UTF8.GetString(ImageFile.Load(ImageFile.Encode(image), "out.png").Metadata.Xmp!);
        foreach (string claim in new[] { "hdrgm:Version", "Container:Directory", "MotionPhoto", "MicroVideo", "HasExtendedXMP", "<tiff:ImageWidth>161" })
            Assert.DoesNotContain(claim, xmp, StringComparison.Ordinal);
        XDocument.Parse(xmp.Trim());
    }
}
