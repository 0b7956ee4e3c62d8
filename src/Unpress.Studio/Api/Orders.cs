using System.ComponentModel;
using Microsoft.AspNetCore.Mvc;
using Unpress.Imaging;
using Unpress.Imaging.Formats;
using Unpress.Imaging.Metadata;
using Unpress.Studio.Jobs;

namespace Unpress.Studio.Api;

/// <summary>What may be asked of the model.</summary>
internal sealed class ModelQuery
{
    [FromQuery(Name = "model"), Description("A model of /v1/models; the studio's usual one without it.")]
    public string? Model { get; init; }

    [FromQuery(Name = "seed"), Description("Which answer of a model that has several.")]
    public ulong? Seed { get; init; }

    [FromQuery(Name = "again"), Description("Enhance a picture, too, that says it has been enhanced.")]
    public bool? Again { get; init; }

    [FromQuery(Name = "group"), Description("A word of your choice: jobs of one group are watched and packed together. Who knows it may see them.")]
    public string? Group { get; init; }

    /// <exception cref="StudioException">There is no such model, or it has one answer.</exception>
    public JobOrder Order(StudioOptions options, ModelShelf shelf)
    {
        string name = Model ?? options.Model;
        var model = shelf.Find(name)
            ?? throw new StudioException(400, $"there is no model {FileName.Shown(name)}; /v1/models lists them");
        if (Seed is not null && !model.HasSeeds)
            throw new StudioException(400, $"the model {name} has one answer for a picture: it takes no seed");
        return new JobOrder(name, Seed, Again ?? false, Group);
    }
}

/// <summary>How a result is wanted.</summary>
internal sealed class SaveQuery
{
    [FromQuery(Name = "strength"), Description("0 to 100; 100 without it.")]
    public double? Strength { get; init; }

    private const string Formats = "png, jpeg, webp, tiff, avif, heic, jp2, ppm or bmp";

    [FromQuery(Name = "format"), Description(Formats + "; png without it.")]
    public string? Format { get; init; }

    [FromQuery(Name = "quality"), Description("1 to 100 for lossy results. JPEG has 95; the others are lossless without it.")]
    public int? Quality { get; init; }

    [FromQuery(Name = "subsampling"), Description("Chroma of lossy results: 444, 422 or 420; 444 without it.")]
    public string? Subsampling { get; init; }

    [FromQuery(Name = "metadata"), Description("keep, no-gps or none; keep without it.")]
    public string? Metadata { get; init; }

    [FromQuery(Name = "consistent"), Description("Keep to what the JPEG says: compressed again the same way, the result gives the same file.")]
    public bool? Consistent { get; init; }

    /// <exception cref="StudioException">A value is none of those that there are.</exception>
    public SaveOrder Order()
    {
        if (Strength is { } strength && !(strength is >= 0 and <= 100))
            throw new StudioException(400, "strength: 0 to 100");
        if (Quality is < 1 or > 100)
            throw new StudioException(400, "quality: 1 to 100");
        var format = Format is null ? ImageFormat.Png
            : ImageFormats.FromExtension("." + Format)
                ?? throw new StudioException(400, $"format: {Formats}");
        var subsampling = Subsampling switch
        {
            null or "444" => ChromaSubsampling.C444,
            "422" => ChromaSubsampling.C422,
            "420" => ChromaSubsampling.C420,
            _ => throw new StudioException(400, "subsampling: 444, 422 or 420"),
        };
        var metadata = Metadata switch
        {
            null or "keep" => MetadataPolicy.Keep,
            "no-gps" => MetadataPolicy.NoGps,
            "none" => MetadataPolicy.None,
            _ => throw new StudioException(400, "metadata: keep, no-gps or none"),
        };
        return new SaveOrder(Strength ?? 100, format, Quality, subsampling, metadata, Consistent ?? false);
    }
}
