using Unpress.Consistency;
using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Tests.Consistency;

/// <summary>
/// The slow twin of <see cref="ConsistentPicture"/>: the same search in tensors, on the differentiable <see cref="QuantisationCells"/>. Of
/// pictures that are stored upright.
/// </summary>
internal sealed class TensorTwin
{
    private static readonly Op Round = Op.Find("aten::round");
    private static readonly Op Floor = Op.Find("aten::floor");

    private readonly Tensor[] _real;

    private TensorTwin(JpegCoefficients file, int unitX, int unitY)
    {
        var jpeg = Planes(file, unitX, unitY, block => block);
        // Blocks that lie wholly outside the picture no file stores.
        _real = [.. Planes(file, unitX, unitY, block => Array.ConvertAll(block, _ => 1f)).Planes.Select(plane => plane.Coefficients)];
        Cells = new QuantisationCells(jpeg);
    }

    /// <summary>Of one coding unit.</summary>
    public QuantisationCells Cells { get; }

    /// <summary>
    /// What <see cref="ConsistentPicture.Apply"/> makes of a picture, and the coefficients outside their cells before and after.
    /// </summary>
    public static (ImageBuffer Result, long Before, long After) Apply(ImageBuffer picture, JpegCoefficients file)
    {
        var result = new ImageBuffer(picture.Width, picture.Height, picture.Model);
        long before = 0, after = 0;
        foreach (var (unitX, unitY, area) in Units(file))
        {
            using var scope = TensorScope.Enter();
            var twin = new TensorTwin(file, unitX, unitY);
            var pixels = ImageTensor.Read(picture, area, 0, picture.Bands);
            var levels = twin.Search(pixels);
            before += twin.Faults(Round.Call(pixels * 255), 0);
            after += twin.Faults(levels, 0);
            ImageTensor.Write(levels / 255, result, area, 0);
        }
        return (result, before, after);
    }

    /// <summary>The coding units of a file, each with its visible pixels.</summary>
    public static IEnumerable<(int UnitX, int UnitY, PixelArea Area)> Units(JpegCoefficients file)
    {
        var (anatomy, (width, height)) = (file.Anatomy, UnitOf(file.Anatomy));
        for (int y = 0; y < anatomy.Height; y += height)
            for (int x = 0; x < anatomy.Width; x += width)
            {
                var area = new PixelArea(x, y, Math.Min(width, anatomy.Width - x), Math.Min(height, anatomy.Height - y));
                yield return (x / width, y / height, area);
            }
    }

    /// <summary>The twin of one unit.</summary>
    public static TensorTwin Of(JpegCoefficients file, int unitX, int unitY) => new(file, unitX, unitY);

    /// <summary>libjpeg's coefficients before they are quantised, one tensor a plane.</summary>
    /// <param name="levels">[1, 1 or 3, h, w], whole numbers 0..255.</param>
    public IReadOnlyList<Tensor> Encode(Tensor levels)
    {
        var padded = Cells.Padded(levels);
        if (Cells.Ratios.Count == 1)
            return [BlockDct.Forward(Cells.Extended(0, padded) - 128)];
        var (r, g, b) = (padded.Narrow(1, 0, 1), padded.Narrow(1, 1, 1), padded.Narrow(1, 2, 1));
        const double half = 32768, centre = (128 * 65536) + half - 1;
        Tensor[] planes =
        [
            Floor.Call(((r * 19595) + (g * 38470) + (b * 7471) + half) / 65536),
            Floor.Call(((r * -11059) + (g * -21709) + (b * 32768) + centre) / 65536),
            Floor.Call(((r * 32768) + (g * -27439) + (b * -5329) + centre) / 65536),
        ];
        var means = planes.Zip(Cells.Ratios, (plane, ratio) => Means(plane, ratio.Across, ratio.Down));
        return [.. means.Select((plane, i) => BlockDct.Forward(Cells.Extended(i, plane) - 128))];
    }

    private Tensor Search(Tensor given)
    {
        var best = Round.Call(given * 255);
        long least = Faults(best, 0.2);
        if (least == 0)
            return best;
        var pixels = Cells.Project(given, CellMargin.EightBit);
        for (int round = 0; ; round++)
        {
            var levels = Round.Call(pixels.Clamp(0, 1) * 255);
            long faults = Faults(levels, 0.2);
            (best, least) = faults < least ? (levels, faults) : (best, least);
            if (faults == 0 || round == 40)
                return best;
            double gain = round < 8 ? 1 : 0.3 + (0.5 * (round * 0.618 % 1));
            var corrections = Encode(levels).Select(
                (c, i) => Cells.Correction(i, c, CellMargin.EightBit) * Cells.Outside(i, c, 0.2) * _real[i] * gain);
            pixels = Cells.Move(pixels.Clamp(-8 / 255.0, 1 + (8 / 255.0)), [.. corrections]);
        }
    }

    private long Faults(Tensor levels, double slack) =>
        (long)Encode(levels).Select((c, i) => (Cells.Outside(i, c, slack) * _real[i]).Sum().Item()).Sum();

    /// <summary>Halved across, libjpeg rounds halves up and down in turns from column to column.</summary>
    private static Tensor Means(Tensor plane, int across, int down)
    {
        int box = across * down;
        if (box == 1)
            return plane;
        var sums = Round.Call(ChromaSampling.Reduce(plane, across, down) * box);
        float even = (across, down) switch { (2, 1) => 0, (2, 2) => 1, _ => box / 2 };
        float odd = (across, down) is (2, 1) or (2, 2) ? even + 1 : even;
        float[] offsets = [.. Enumerable.Range(0, (int)sums.Size(3)).Select(column => column % 2 == 0 ? even : odd)];
        return Floor.Call((sums + Tensor.From(offsets, 1, 1, 1, offsets.Length)) / box);
    }

    /// <summary>One unit's blocks, changed; zeros where the file has none.</summary>
    private static JpegTensors Planes(JpegCoefficients file, int unitX, int unitY, Func<float[], float[]> change)
    {
        var components = file.Anatomy.Components;
        return new JpegTensors([.. components.Select((c, i) =>
        {
            var (h, v) = components.Count == 1 ? (1, 1) : (c.Horizontal, c.Vertical);
            float[] values = new float[h * v * 64];
            for (int y = 0; y < Math.Min(v, c.BlocksHigh - (unitY * v)); y++)
                for (int x = 0; x < Math.Min(h, c.BlocksWide - (unitX * h)); x++)
                {
                    float[] block = change([.. file.Block(i, (unitX * h) + x, (unitY * v) + y).ToArray().Select(k => (float)k)]);
                    for (int k = 0; k < 64; k++)
                        values[(((y * 8) + (k / 8)) * h * 8) + (x * 8) + (k % 8)] = block[k];
                }
            float[] table = [.. file.Anatomy.Tables[c.Table]!.Select(step => (float)step)];
            return new JpegPlane(Tensor.From(values, 1, 1, v * 8, h * 8), Tensor.From(table, 1, 1, 8, 8), h, v);
        })]);
    }

    private static (int Width, int Height) UnitOf(JpegAnatomy file) => file.Components.Count == 1
        ? (8, 8)
        : (8 * file.Components.Max(c => c.Horizontal), 8 * file.Components.Max(c => c.Vertical));
}
