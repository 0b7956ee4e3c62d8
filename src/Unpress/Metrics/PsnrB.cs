using Unpress.Imaging;

namespace Unpress.Metrics;

/// <summary>
/// PSNR with blocking effect (Yim and Bovik, IEEE TIP 2011). Papers differ in the planes and in how they count pairs across edges, and a figure of one
/// convention compares with none of another: each is a row here, with a name of its own.
/// </summary>
public sealed class PsnrB : IMetric
{
    private static readonly MetricContract Common = new()
    {
        Direction = MetricDirection.HigherIsBetter,
        Colour = "",
        Border = "nothing removed; the 8×8 grid starts in the top-left corner",
        Window = "the whole picture; neighbouring pixels",
        Range = "dB, at most the PSNR of the same data; finite on identical pictures that have blocks themselves",
        Decimals = 2,
        OnIdentical = double.PositiveInfinity,
        Symmetric = false,
        MinSide = 16,
        Source = "",
    };

    private readonly Func<ImageBuffer, ImageBuffer, double> _measure;

    private PsnrB(string name, string summary, string colour, string source, int leastSide, Func<ImageBuffer, ImageBuffer, double> measure)
    {
        (Name, Summary, _measure) = (name, summary, measure);
        Contract = Common with { Colour = colour, Source = source, MinSide = leastSide };
    }

    /// <summary>One error over all bands, blocks of the rounded luma.</summary>
    public PsnrB()
        : this(
            "psnr-b", "PSNR with blocking effect: one error over all bands, blocks of the rounded luma",
            "error over RGB; blocks of Y = round(16 + (65.481 R + 128.553 G + 24.966 B)/255); gray as stored",
            "Yim and Bovik, IEEE TIP 2011; edge pairs counted as FBCNN counts them (W/8 − 1 in real numbers)",
            16, (reference, image) => Decibel.FromSquaredError(
                SquaredDifference.Mean(BandPlane.AllOf(reference), BandPlane.AllOf(image))
                + BlockingEffect.Factor(Luma.StudioUint8.Of(image), EdgeCount.RealDivision)))
    {
    }

    public static PsnrB Rgb { get; } = new(
        "psnr-b-rgb", "PSNR with blocking effect of each band, decibels averaged",
        "error and blocks of each band alone, mean of the bands' decibels; gray as stored",
        "Yim and Bovik, IEEE TIP 2011; edge pairs counted as KAIR and SwinIR count them (W/8 − 1 rounded down)",
        16, OfBands);

    public static PsnrB Y { get; } = new(
        "psnr-b-y", "PSNR with blocking effect of the studio-swing luma alone, edge pairs counted exactly",
        "Y = 16 + (65.481 R + 128.553 G + 24.966 B)/255, not rounded; gray as stored",
        "Yim and Bovik, IEEE TIP 2011, as published",
        9, (reference, image) => OfPlane(Luma.Studio.Of(reference), Luma.Studio.Of(image), EdgeCount.Exact));

    public string Name { get; }

    public string Summary { get; }

    public MetricContract Contract { get; }

    public double Measure(ImageBuffer reference, ImageBuffer image)
    {
        PicturePair.Check(reference, image, this);
        return _measure(reference, image);
    }

    private static double OfBands(ImageBuffer reference, ImageBuffer image)
    {
        double sum = 0;
        for (int band = 0; band < image.ColourBands; band++)
            sum += OfPlane(new BandPlane(reference, band), new BandPlane(image, band), EdgeCount.FloorDivision);
        return sum / image.ColourBands;
    }

    private static double OfPlane(Plane reference, Plane image, EdgeCount counting)
        => Decibel.FromSquaredError(SquaredDifference.Mean(reference, image) + BlockingEffect.Factor(image, counting));
}

/// <summary>
/// The blocking effect factor of Yim and Bovik, "Quality Assessment of Deblocked Images", IEEE TIP 2011, for 8×8 blocks
/// whose grid starts in the top-left corner: what neighbours across a block edge differ more than other neighbours do.
/// </summary>
/// <remarks>The three ways to count agree when width and height are multiples of 8.</remarks>
internal static class BlockingEffect
{
    private const int Block = 8;

    /// <summary>BEF in squared levels of 0..255; zero for a picture without blocks.</summary>
    public static double Factor(Plane image, EdgeCount counting)
    {
        double all = 0, edge = 0;
        var row = new double[image.Width];
        var above = new double[image.Width];
        for (int y = 0; y < image.Height; y++)
        {
            image.ReadRow(y, row);
            all += SquaredDifference.Sum(row.AsSpan(1), row.AsSpan(0, row.Length - 1));
            for (int x = Block; x < row.Length; x += Block)
                edge += (row[x] - row[x - 1]) * (row[x] - row[x - 1]);
            if (y > 0)
            {
                double vertical = SquaredDifference.Sum(row, above);
                all += vertical;
                if (y % Block == 0)
                    edge += vertical;
            }
            (row, above) = (above, row);
        }

        double width = image.Width, height = image.Height;
        double pairs = (height * (width - 1)) + (width * (height - 1));
        double edgePairs = EdgePairs(image.Width, image.Height, counting);
        double acrossEdges = edge / edgePairs;
        double elsewhere = (all - edge) / (pairs - edgePairs);
        double weight = Math.Log2(Block) / Math.Log2(Math.Min(width, height));
        return acrossEdges > elsewhere ? weight * (acrossEdges - elsewhere) : 0;
    }

    private static double EdgePairs(int width, int height, EdgeCount counting) => counting switch
    {
        EdgeCount.Exact => ((long)height * ((width - 1) / Block)) + ((long)width * ((height - 1) / Block)),
        EdgeCount.RealDivision => (height * ((width / (double)Block) - 1)) + (width * ((height / (double)Block) - 1)),
        _ => ((long)height * ((width / Block) - 1)) + ((long)width * ((height / Block) - 1)),
    };
}

/// <summary>How an implementation counts the pixel pairs that straddle a block edge.</summary>
internal enum EdgeCount
{
    /// <summary>H·⌊(W−1)/8⌋ + W·⌊(H−1)/8⌋: the pairs that there are.</summary>
    Exact,

    /// <summary>H·(W/8 − 1) + W·(H/8 − 1) in real numbers, as FBCNN's code has it.</summary>
    RealDivision,

    /// <summary>H·(⌊W/8⌋ − 1) + W·(⌊H/8⌋ − 1), as KAIR's code has it.</summary>
    FloorDivision,
}
