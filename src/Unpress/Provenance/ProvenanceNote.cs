using System.Globalization;
using System.Reflection;
using Unpress.Imaging;

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
