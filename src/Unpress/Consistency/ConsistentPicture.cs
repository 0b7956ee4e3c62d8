using Unpress.Imaging;
using Unpress.Imaging.Jpeg;

namespace Unpress.Consistency;

/// <summary>How far a picture agrees with the JPEG that it was restored from. Shares are 0..1, of all coefficients of all planes.</summary>
/// <param name="Coefficients">How many the file stores.</param>
/// <param name="InsideBefore">In the cell in which the file says they lay, before anything was moved.</param>
/// <param name="InsideAfter">The same of the result.</param>
/// <param name="Reproduced">Equal to the file's when libjpeg compresses the result with the file's tables and sampling.</param>
public sealed record ConsistencyCertificate(long Coefficients, double InsideBefore, double InsideAfter, double Reproduced);

/// <summary>
/// Moves a restored picture as little as it takes to agree with its JPEG: compressed again the same way, it gives the same file. Works in
/// place, coding unit by coding unit; results do not depend on the number of threads.
/// </summary>
public static class ConsistentPicture
{
    /// <summary>Blocks of one coding unit that a scan of all planes may have (ITU-T T.81, B.2.3): libjpeg writes no other.</summary>
    private const int MostBlocks = 10;

    /// <summary>Why the pictures of such a file cannot be made consistent, one phrase; null when they can.</summary>
    /// <param name="file">Null for a picture that does not come from a JPEG.</param>
    public static string? Obstacle(JpegAnatomy? file)
    {
        if (file is null)
            return "not a JPEG: there are no coefficients to be consistent with";
        if (!JpegRecompression.Supports(file))
            return "a JPEG that is neither gray nor YCbCr: its coefficients are not supported";
        var components = UnitGrid.Simplest(file).Components;
        int across = components.Max(c => c.Horizontal), down = components.Max(c => c.Vertical);
        bool whole = components.All(c => across % c.Horizontal == 0 && down % c.Vertical == 0);
        return whole && components.Sum(c => c.Horizontal * c.Vertical) <= MostBlocks
            ? null
            : $"its chroma is sampled in an unusual way ({file.SubsamplingText})";
    }

    /// <summary>A consistent copy, see <see cref="Apply"/>.</summary>
    public static ImageBuffer Of(ImageBuffer restored, JpegCoefficients file)
    {
        var copy = new ImageBuffer(
            restored.Width, restored.Height, restored.Model, restored.HasAlpha, restored.BitsPerSample, (byte[])restored.Data.Clone())
        {
            Metadata = restored.Metadata,
        };
        Apply(copy, file);
        return copy;
    }

    /// <summary>Changes the picture in place.</summary>
    /// <param name="restored">8-bit gray or RGB, upright, of the file's size; its metadata tell how the file is turned.</param>
    /// <param name="threads">To compute with; null for one a processor.</param>
    /// <exception cref="ArgumentException">
    /// There is an <see cref="Obstacle"/>, or the picture is not of the file's kind and size.
    /// </exception>
    public static ConsistencyCertificate Apply(ImageBuffer restored, JpegCoefficients file, int? threads = null)
    {
        var grid = GridOf(restored, file);
        var (before, after) = ForUnits(grid, threads, (search, x, y) => search.Apply(restored, x, y));
        int orientation = restored.Metadata.StoredOrientation;
        var stored = orientation == 1 ? restored : ImageTurn.ToStored(restored, orientation);
        long all = file.Planes.Sum(plane => plane.LongLength);
        return new ConsistencyCertificate(all, Share(before, all), Share(after, all), Share(Differences(file, stored), all));
    }

    /// <summary>Share of the coefficients, 0..1, that lie in the cell in which the file says they lay; nothing is moved.</summary>
    /// <param name="restored">As for <see cref="Apply"/>.</param>
    /// <exception cref="ArgumentException">As for <see cref="Apply"/>.</exception>
    public static double ShareInside(ImageBuffer restored, JpegCoefficients file)
    {
        var (outside, _) = ForUnits(GridOf(restored, file), null, (search, x, y) => search.Count(restored, x, y));
        return Share(outside, file.Planes.Sum(plane => plane.LongLength));
    }

    /// <summary>How the file's grid lies on the picture, once it is clear that it does.</summary>
    private static UnitGrid GridOf(ImageBuffer restored, JpegCoefficients file)
    {
        if (Obstacle(file.Anatomy) is { } obstacle)
            throw new ArgumentException(obstacle, nameof(file));
        var grid = new UnitGrid(file, restored.Metadata.StoredOrientation);
        if (restored.BitsPerSample != 8 || restored.Bands != grid.Planes.Count
            || (restored.Width, restored.Height) != (grid.Width, grid.Height))
            throw new ArgumentException("the picture has another size, depth or number of bands than the file", nameof(restored));
        return grid;
    }

    /// <summary>Rows of units are shared out among threads; coefficients outside their cells, before and after.</summary>
    private static (long Before, long After) ForUnits(UnitGrid grid, int? threads, Action<UnitSearch, int, int> work)
    {
        long before = 0, after = 0;
        Parallel.For(
            0, grid.UnitsDown, new ParallelOptions { MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount },
            () => new UnitSearch(grid),
            (y, _, search) =>
            {
                for (int x = 0; x < grid.UnitsAcross; x++)
                    work(search, x, y);
                return search;
            },
            search =>
            {
                Interlocked.Add(ref before, search.Before);
                Interlocked.Add(ref after, search.After);
            });
        return (before, after);
    }

    private static long Differences(JpegCoefficients file, ImageBuffer stored)
    {
        var again = JpegRecompression.Compress(stored, UnitGrid.Simplest(file.Anatomy));
        long differences = 0;
        for (int plane = 0; plane < file.Planes.Count; plane++)
        {
            var (a, b) = (file.Planes[plane], again.Planes[plane]);
            for (int i = 0; i < a.Length; i++)
                differences += a[i] == b[i] ? 0 : 1;
        }
        return differences;
    }

    private static double Share(long outside, long all) => 1 - (outside / (double)all);
}
