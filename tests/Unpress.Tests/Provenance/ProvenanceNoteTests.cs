using System.Text;
using Unpress.Imaging;
using Unpress.Provenance;
using Unpress.Tests.Metrics;

namespace Unpress.Tests.Provenance;

public sealed class ProvenanceNoteTests
{
    private static readonly ProvenanceNote Note = new("möd<el \"1\"", "0.1.0", 62.5, "network", "sha256:00", "sha256:11");

    [Fact]
    public void A_note_comes_back_as_it_went_and_the_last_one_counts()
    {
        var metadata = new ImageMetadata();
        Assert.Null(ProvenanceNote.Find(metadata));
        Note.WriteTo(metadata);
        Assert.Equal(Note, ProvenanceNote.Find(metadata));
        int length = metadata.Xmp!.Length;
        (Note with { Model = "other", Result = null }).WriteTo(metadata);
        Assert.Equal(Note with { Model = "other", Result = null }, ProvenanceNote.Find(metadata));
        Assert.True(metadata.Xmp!.Length < length, "the first note is still there");
    }

    [Fact]
    public void A_note_that_another_program_wrote_anew_is_read()
    {
        var metadata = new ImageMetadata
        {
            Xmp = Encoding.UTF8.GetBytes("""
                <?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
                <rdf:Description rdf:about="" xmlns:ns1="urn:x-unpress:provenance/1/" xmlns:dc="http://purl.org/dc/elements/1.1/">
                <ns1:Source>sha256:00</ns1:Source><ns1:Model>m</ns1:Model><dc:title>A</dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>
                """ + "\0"),
        };
        Assert.Equal(new ProvenanceNote("m", "unknown", double.NaN, "unknown", "sha256:00", null), ProvenanceNote.Find(metadata));
    }

    [Theory]
    [InlineData("junk")]
    [InlineData("<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">")]
    [InlineData("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>")]
    public void Damaged_xmp_has_no_note_and_stays_as_it_is(string text)
    {
        var metadata = new ImageMetadata { Xmp = Encoding.UTF8.GetBytes(text) };
        Assert.Null(ProvenanceNote.Find(metadata));
        Note.WriteTo(metadata);
        Assert.Equal(text, Encoding.UTF8.GetString(metadata.Xmp));
    }

    /// <summary>A parser that builds a tree takes minutes for a hundred thousand elements within each other.</summary>
    [Theory]
    [InlineData("<a>", "</a>", 100_000)]
    [InlineData("<a xmlns:b='urn:b' xmlns:c='urn:c'>", "</a>", 50_000)]
    [InlineData("<a>", "", 100_000)]
    public void Deep_xmp_costs_no_time(string open, string close, int depth)
    {
        string inner = "<b xmlns:u='urn:x-unpress:provenance/1/' u:Source='sha256:00'/>";
        string text = string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (string packet in new[] { text, text[..Math.Min(text.Length, 900_000)], inner + text })
        {
            var metadata = new ImageMetadata { Xmp = Encoding.UTF8.GetBytes(packet) };
            Assert.Null(ProvenanceNote.Find(metadata));
            Note.WriteTo(metadata);
        }

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Pixels_are_told_apart_by_any_level_and_by_their_shape()
    {
        var image = TestPictures.Waves(12, 8);
        var note = Note with { Result = PixelHash.Of(image) };
        Assert.True(note.Describes(image));
        Assert.Null((Note with { Result = null }).Describes(image));
        Assert.False(note.Describes(new ImageBuffer(8, 12, ColourModel.Rgb, data: [.. image.Data])));
        image.Data[5] ^= 1;
        Assert.False(note.Describes(image));
    }
}
