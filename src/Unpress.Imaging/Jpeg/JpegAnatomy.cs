namespace Unpress.Imaging.Jpeg;

/// <summary>What the headers of a JPEG tell about how it was compressed. Read without decoding and without trusting any length.</summary>
public sealed record JpegAnatomy
{
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Bits a sample: 8, rarely 12.</summary>
    public required int Precision { get; init; }

    public required bool IsProgressive { get; init; }

    /// <summary>Arithmetic instead of Huffman coding.</summary>
    public required bool IsArithmetic { get; init; }

    public required JpegColourSpace ColourSpace { get; init; }

    /// <summary>Transform byte of the Adobe marker: 0 none, 1 YCbCr, 2 YCCK; null without the marker.</summary>
    public required int? AdobeTransform { get; init; }

    /// <summary>Units between restart markers, 0 for none.</summary>
    public required int RestartInterval { get; init; }

    /// <summary>Number of scans: 1 for most baseline files, about 10 for progressive ones.</summary>
    public required int Scans { get; init; }

    public required IReadOnlyList<JpegComponent> Components { get; init; }

    /// <summary>Four slots of 64 quantiser steps in natural (row-major) order; null where the file defines none.</summary>
    public required IReadOnlyList<ushort[]?> Tables { get; init; }

    /// <summary>The table of the first component.</summary>
    public ushort[] LumaTable => TableOf(0);

    /// <summary>The table of the second component; null for gray.</summary>
    public ushort[]? ChromaTable => Components.Count > 1 ? TableOf(1) : null;

    /// <summary>Quality factor of the tables; for RGB and CMYK, whose planes all use the luma table, judged by that one alone.</summary>
    public QualityEstimate Quality => QualityEstimate.From(
        LumaTable, ColourSpace is JpegColourSpace.YCbCr or JpegColourSpace.Ycck ? ChromaTable : default);

    /// <summary>One of the three usual subsamplings; null for gray and for others, which <see cref="SubsamplingText"/> names.</summary>
    public ChromaSubsampling? Subsampling => SubsamplingText switch
    {
        "4:2:0" => ChromaSubsampling.C420,
        "4:2:2" => ChromaSubsampling.C422,
        "4:4:4" => ChromaSubsampling.C444,
        _ => null,
    };

    /// <summary>4:4:4, 4:2:2, 4:2:0, 4:4:0, 4:1:1, "gray", or the raw factors such as "2x2,1x2,1x1".</summary>
    public string SubsamplingText
    {
        get
        {
            if (Components.Count == 1)
                return "gray";
            string factors = string.Join(',', Components.Skip(1).Take(2).Select(c => Ratio(c)));
            return factors switch
            {
                "1x1,1x1" => "4:4:4",
                "2x1,2x1" => "4:2:2",
                "2x2,2x2" => "4:2:0",
                "1x2,1x2" => "4:4:0",
                "4x1,4x1" => "4:1:1",
                _ => string.Join(',', Components.Select(c => $"{c.Horizontal}x{c.Vertical}")),
            };
        }
    }

    /// <exception cref="InvalidFileException">Not a readable JPEG, or over the limits.</exception>
    public static JpegAnatomy Read(string path, ImageLimits? limits = null) => Read(FileBytes.Read(path), path, limits);

    /// <param name="name">What error messages call the picture.</param>
    /// <exception cref="InvalidFileException">Not a readable JPEG, or over the limits.</exception>
    public static JpegAnatomy Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null) =>
        new JpegHeaderReader(name, limits ?? ImageLimits.Default).Read(bytes);

    /// <summary>How often the first component is sampled for once of this one, as "HxV"; 0 when it does not divide.</summary>
    private string Ratio(JpegComponent c)
    {
        JpegComponent luma = Components[0];
        int across = luma.Horizontal % c.Horizontal == 0 ? luma.Horizontal / c.Horizontal : 0;
        int down = luma.Vertical % c.Vertical == 0 ? luma.Vertical / c.Vertical : 0;
        return $"{across}x{down}";
    }

    private ushort[] TableOf(int component) => Tables[Components[component].Table]!;
}

/// <summary>One colour plane of a JPEG as its frame header describes it.</summary>
/// <param name="Id">Component identifier, usually 1, 2, 3.</param>
/// <param name="Horizontal">Horizontal sampling factor, 1–4.</param>
/// <param name="Vertical">Vertical sampling factor, 1–4.</param>
/// <param name="Table">Which quantisation table it uses, 0–3.</param>
/// <param name="BlocksWide">8×8 blocks that cover the plane, without the padding of the last unit.</param>
/// <param name="BlocksHigh">8×8 blocks that cover the plane, without the padding of the last unit.</param>
public sealed record JpegComponent(int Id, int Horizontal, int Vertical, int Table, int BlocksWide, int BlocksHigh);

/// <summary>What the planes of a JPEG mean, decided as libjpeg decides it.</summary>
public enum JpegColourSpace
{
    Gray,
    YCbCr,
    Rgb,
    Cmyk,

    /// <summary>CMYK stored as YCbCr and K, as Adobe's programs write it.</summary>
    Ycck,

    /// <summary>Two planes, or more than four.</summary>
    Unknown,
}
