namespace Unpress.Lab.Results;

/// <summary>One line of a run's results: one value of one metric, of one picture, after one enhancement. Absent members are left out of the file.</summary>
public sealed record Figure
{
    /// <summary>What <see cref="Enhancer"/> is for pictures that were compressed and not enhanced: their cycle is 0.</summary>
    public const string Compressed = "compressed";

    /// <summary>What <see cref="Enhancer"/> is for originals, in experiments that measure them too: their cycle is 0.</summary>
    public const string Raw = "raw";

    /// <summary>What <see cref="Picture"/> is where a metric has one value for a whole set, such as FID.</summary>
    public const string WholeSet = "*";

    /// <summary>What <see cref="Codec"/> is where each picture's was drawn.</summary>
    public const string Drawn = "drawn";

    /// <summary>Name in the catalogue of experiments.</summary>
    public required string Experiment { get; init; }

    /// <summary><see cref="Compressed"/>, <see cref="Raw"/>, a name from the recipe, or the name of a draw of several.</summary>
    public required string Enhancer { get; init; }

    /// <summary>Name of the codec, or <see cref="Drawn"/>.</summary>
    public required string Codec { get; init; }

    /// <summary>Quality in the codec's own scale; null where it was drawn.</summary>
    public int? Setting { get; init; }

    /// <summary>Name of the set of pictures.</summary>
    public required string Set { get; init; }

    /// <summary>Path within the set without extension, or <see cref="WholeSet"/>.</summary>
    public required string Picture { get; init; }

    /// <summary>0 compressed, 1 enhanced once, …</summary>
    public required int Cycle { get; init; }

    /// <summary>Name of the metric; its direction and unit stand in the run's facts.</summary>
    public required string Metric { get; init; }

    /// <summary>Null when it failed; may be infinite.</summary>
    public double? Value { get; init; }

    /// <summary>Wall-clock time of this cycle's enhancement; null for compressed pictures.</summary>
    public double? Seconds { get; init; }

    /// <summary>Size of the compressed picture; null for enhanced ones.</summary>
    public long? Bytes { get; init; }

    /// <summary>8 · bytes / pixels.</summary>
    public double? BitsPerPixel { get; init; }

    /// <summary>Of how many pictures, where the metric has one value for a whole set; else null.</summary>
    public int? Pictures { get; init; }

    /// <summary>Where things were drawn, what they were: the enhancer of this cycle, codec and setting.</summary>
    public string? By { get; init; }

    /// <summary>Why there is no value, one line; of a whole set, also what the value is without.</summary>
    public string? Error { get; init; }

    /// <summary>What makes it the same figure as another: of two lines with one key the later counts.</summary>
    public FigureKey Key() => new(Enhancer, Codec, Setting, Set, Picture, Cycle, Metric);
}

/// <summary>Which figure of a run it is.</summary>
public readonly record struct FigureKey(string Enhancer, string Codec, int? Setting, string Set, string Picture, int Cycle, string Metric);
