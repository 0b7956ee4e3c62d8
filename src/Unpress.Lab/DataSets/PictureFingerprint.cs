using System.Numerics;
using System.Security.Cryptography;
using Unpress.Imaging;
using Unpress.Imaging.Colour;

namespace Unpress.DataSets;

/// <summary>
/// What is left of a picture when it is looked at from far away: the signs of the differences between neighbours among 9×8 means of its luma.
/// Compression and scaling hardly change it; another picture has about half of the 64 signs the other way.
/// </summary>
/// <param name="Pixels">SHA-256 of size and pixels, lower-case hex.</param>
/// <param name="Signs">One bit a pair of neighbours.</param>
/// <param name="Plain">Too little happens in the picture for its signs to say anything.</param>
public sealed record PictureFingerprint(string Pixels, ulong Signs, bool Plain)
{
    /// <summary>Signs that may differ between two copies of one picture.</summary>
    private const int Tolerance = 4;

    private const int Columns = 9, Rows = 8;

    public static PictureFingerprint Of(ImageBuffer picture)
    {
        var colour = PixelConversion.ToEightBitColour(picture);
        var gray = colour.Model == ColourModel.Cmyk ? colour : PixelConversion.ToGray(colour);
        double[] means = Means(gray);
        ulong signs = 0;
        for (int row = 0; row < Rows; row++)
        {
            for (int column = 0; column < Columns - 1; column++)
                signs = (signs << 1) | (means[(row * Columns) + column + 1] > means[(row * Columns) + column] ? 1UL : 0);
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData([.. BitConverter.GetBytes(picture.Width), .. BitConverter.GetBytes(picture.Height)]);
        hash.AppendData(colour.Data);
        return new PictureFingerprint(Convert.ToHexStringLower(hash.GetHashAndReset()), signs, means.Max() - means.Min() < 8);
    }

    /// <summary>The same pixels, or nearly the same picture.</summary>
    public bool Resembles(PictureFingerprint other) =>
        Pixels == other.Pixels || (!Plain && !other.Plain && BitOperations.PopCount(Signs ^ other.Signs) <= Tolerance);

    private static double[] Means(ImageBuffer gray)
    {
        var sums = new double[Columns * Rows];
        var counts = new int[Columns * Rows];
        for (int y = 0; y < gray.Height; y++)
        {
            int row = (int)((long)y * Rows / gray.Height);
            for (int x = 0; x < gray.Width; x++)
            {
                int cell = (row * Columns) + (int)((long)x * Columns / gray.Width);
                sums[cell] += gray.Data[((y * gray.Width) + x) * gray.Bands];
                counts[cell]++;
            }
        }

        return [.. sums.Select((sum, i) => counts[i] == 0 ? 0 : sum / counts[i])];
    }
}
