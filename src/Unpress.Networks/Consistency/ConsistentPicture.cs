using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Torch;

namespace Unpress.Consistency;

/// <summary>
/// Moves a restored picture as little as it takes to agree with its JPEG: compressed again the same way, it gives the same file. Works strip
/// by strip in the stored orientation; besides the picture, the coefficients and one copy for the proof are held.
/// </summary>
public static class ConsistentPicture
{
    /// <summary>Pixels at work at a time: small enough for the processor's caches, large enough for its vector units.</summary>
    private const int StripPixels = 1 << 18;

    /// <summary>Why the pictures of such a file cannot be made consistent, one phrase; null when they can.</summary>
    /// <param name="file">Null for a picture that does not come from a JPEG.</param>
    public static string? Obstacle(JpegAnatomy? file)
    {
        if (file is null)
            return "not a JPEG: there are no coefficients to be consistent with";
        if (!JpegRecompression.Supports(file))
            return "a JPEG that is neither gray nor YCbCr: its coefficients are not supported";
        int across = file.Components.Max(c => c.Horizontal), down = file.Components.Max(c => c.Vertical);
        return file.Components.Any(c => across % c.Horizontal != 0 || down % c.Vertical != 0)
            ? $"its chroma is sampled in an unusual way ({file.SubsamplingText})"
            : null;
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
    /// <exception cref="ArgumentException">There is an <see cref="Obstacle"/>, or the picture is not of the file's kind and size.</exception>
    public static ConsistencyCertificate Apply(ImageBuffer restored, JpegCoefficients file)
    {
        var anatomy = file.Anatomy;
        var grid = GridOf(restored, file);
        // As the file has it: what is compressed again in the end.
        var stored = new ImageBuffer(anatomy.Width, anatomy.Height, restored.Model);
        long before = 0, after = 0;
        using var noGrad = Autograd.NoGrad();
        foreach (var area in UnitArea.Of(anatomy, StripPixels))
        {
            using var scope = TensorScope.Enter();
            var (cells, real) = area.Cells(file);
            var units = Units(restored, area, grid);
            var search = new EightBitSearch(units, cells, real);
            (before, after) = (before + search.Before, after + search.After);
            var result = area.ToArea(search.Result);
            ImageTensor.Write(result, stored, area.Pixels, 0);
            ImageTensor.Write(grid.ToUpright(result), restored, grid.Upright(area.Pixels), 0);
        }
        long all = file.Planes.Sum(plane => plane.LongLength);
        return new ConsistencyCertificate(all, Share(before, all), Share(after, all), Share(Differences(file, stored), all));
    }

    /// <summary>Share of the coefficients, 0..1, that lie in the cell in which the file says they lay; nothing is moved.</summary>
    /// <param name="restored">As for <see cref="Apply"/>.</param>
    /// <exception cref="ArgumentException">As for <see cref="Apply"/>.</exception>
    public static double ShareInside(ImageBuffer restored, JpegCoefficients file)
    {
        var grid = GridOf(restored, file);
        long outside = 0;
        using var noGrad = Autograd.NoGrad();
        foreach (var area in UnitArea.Of(file.Anatomy, StripPixels))
        {
            using var scope = TensorScope.Enter();
            var (cells, real) = area.Cells(file);
            outside += EightBitSearch.Count(Units(restored, area, grid), cells, real);
        }
        return Share(outside, file.Planes.Sum(plane => plane.LongLength));
    }

    /// <summary>How the file's grid lies on the picture, once it is clear that it does.</summary>
    private static StoredGrid GridOf(ImageBuffer restored, JpegCoefficients file)
    {
        var anatomy = file.Anatomy;
        if (Obstacle(anatomy) is { } obstacle)
            throw new ArgumentException(obstacle, nameof(file));
        var grid = new StoredGrid(restored.Metadata.StoredOrientation, anatomy.Width, anatomy.Height);
        var upright = grid.Upright(PixelArea.Of(anatomy.Width, anatomy.Height));
        if (restored.BitsPerSample != 8 || restored.Bands != anatomy.Components.Count
            || (restored.Width, restored.Height) != (upright.Width, upright.Height))
            throw new ArgumentException("the picture has another size, depth or number of bands than the file", nameof(restored));
        return grid;
    }

    private static Tensor Units(ImageBuffer restored, UnitArea area, StoredGrid grid) =>
        area.ToUnits(grid.ToStored(ImageTensor.Read(restored, grid.Upright(area.Pixels), 0, restored.Bands)));

    private static long Differences(JpegCoefficients file, ImageBuffer stored)
    {
        var again = JpegRecompression.Compress(stored, file.Anatomy);
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
