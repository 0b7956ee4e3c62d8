using Unpress.Consistency;
using Unpress.Data;
using Unpress.Imaging;
using Unpress.Imaging.Jpeg;
using Unpress.Jpeg;
using Unpress.Torch;

namespace Unpress.Tests.Consistency;

/// <summary>What runs on spans against the tensors that training uses, <see cref="QuantisationCells"/>: each is the other's twin.</summary>
public sealed class TensorTwinTests
{
    /// <summary>Width, height, model, and the sampling factors of luma over those of chroma.</summary>
    public static TheoryData<int, int, ColourModel, int, int> Shapes { get; } = new()
    {
        { 16, 24, ColourModel.Gray, 1, 1 },
        { 13, 11, ColourModel.Gray, 1, 1 },
        { 24, 16, ColourModel.Rgb, 1, 1 },
        { 21, 10, ColourModel.Rgb, 1, 1 },
        { 48, 32, ColourModel.Rgb, 2, 2 },
        { 42, 38, ColourModel.Rgb, 2, 2 },
        { 19, 9, ColourModel.Rgb, 2, 2 },
        { 7, 3, ColourModel.Rgb, 2, 2 },
        { 41, 24, ColourModel.Rgb, 2, 1 },
        { 24, 41, ColourModel.Rgb, 1, 2 },
        { 70, 13, ColourModel.Rgb, 4, 1 },
        { 53, 21, ColourModel.Rgb, 3, 1 },
        { 37, 35, ColourModel.Rgb, 4, 2 },
    };

    [Fact]
    public void The_transform_is_that_of_tensors_and_of_the_formula()
    {
        using var scope = TensorScope.Enter();
        var random = new Random(7);
        float[] block = [.. Enumerable.Range(0, 64).Select(_ => (float)random.Next(-128, 128))];
        float[] coefficients = new float[64], again = new float[64];
        FloatDct.Forward(block, 8, coefficients);
        FloatDct.Inverse(coefficients, again, 8);
        AssertNear(BlockDct.Forward(Tensor.From(block, 1, 1, 8, 8)), coefficients, 1e-3);
        for (int i = 0; i < 64; i++)
        {
            double sum = 0;
            for (int at = 0; at < 64; at++)
                sum += block[at] * Cosine(i / 8, at / 8) * Cosine(i % 8, at % 8);
            Assert.Equal(sum, coefficients[i], 1e-3);
            Assert.Equal(block[i], again[i], 1e-3);
        }

        static double Cosine(int k, int x) => (k == 0 ? Math.Sqrt(0.125) : 0.5) * Math.Cos(((2 * x) + 1) * k * Math.PI / 16);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Samples_of_a_unit_and_their_moves_are_those_of_tensors(
        int width, int height, ColourModel model, int horizontal, int vertical)
    {
        var (_, file, picture) = DamagedPicture.Sampled(horizontal, vertical, width, height, model);
        var grid = new UnitGrid(file, 1);
        var sampling = new UnitSampling(grid);
        var random = new Random(width);
        foreach (var (unitX, unitY, area) in TensorTwin.Units(file))
        {
            using var scope = TensorScope.Enter();
            var twin = TensorTwin.Of(file, unitX, unitY);
            Assert.Equal((area.Width, area.Height), grid.VisibleOf(unitX, unitY));
            float[][] levels = Bands(grid);
            for (int band = 0; band < levels.Length; band++)
            {
                grid.Read(picture, unitX, unitY, band, levels[band]);
                sampling.Repeat(levels[band], area.Width, area.Height);
            }
            var pixels = Array.ConvertAll(levels, band => Array.ConvertAll(band, level => level / 255));
            var tensor = ImageTensor.Read(picture, area, 0, picture.Bands);

            float[][] samples = Planes(grid);
            sampling.Encode(levels, area.Height, samples);
            AssertCoefficients(grid, twin.Encode(Op.Find("aten::round").Call(tensor * 255)), samples, unitX, unitY);
            sampling.ToSamples(pixels, area.Height, samples);
            AssertCoefficients(grid, twin.Cells.Coefficients(tensor), samples, unitX, unitY);

            float[][] changes = Array.ConvertAll(Planes(grid), plane => Array.ConvertAll(plane, _ => (random.NextSingle() * 40) - 20));
            var asTensors = changes.Zip(grid.Planes, (c, plane) => Tensor.From(c, 1, 1, plane.Vertical * 8, plane.Horizontal * 8));
            var moved = twin.Cells.Move(tensor, [.. asTensors.Select(BlockDct.Forward)]);
            sampling.Move(pixels, area.Width, area.Height, changes);
            for (int band = 0; band < pixels.Length; band++)
            {
                var lines = pixels[band].Chunk(grid.UnitWidth).Take(area.Height);
                float[] seen = [.. lines.SelectMany(line => line.Take(area.Width))];
                AssertNear(moved.Narrow(1, band, 1), seen, 1e-5);
            }
        }
    }

    [Fact]
    public void Margins_of_cells_are_those_of_tensors()
    {
        using var scope = TensorScope.Enter();
        var file = DamagedPicture.Sampled(2, 2, 16, 16, quality: 85).File;
        var twin = TensorTwin.Of(file, 0, 0);
        for (int plane = 0; plane < 3; plane++)
        {
            var cells = new PlaneCells(file, plane, plane == 0 ? 2 : 1, plane == 0 ? 2 : 1);
            float[] middles = new float[64], far = new float[64];
            cells.Middles(0, 0, middles);
            int side = plane == 0 ? 16 : 8;
            var corrected = twin.Cells.Correction(plane, Tensor.Zeros([1, 1, side, side]) + 1e4, CellMargin.EightBit) + 1e4;
            for (int i = 0; i < 64; i++)
                far[i] = middles[i] + cells.Inner[i];
            AssertNear(corrected.Narrow(2, 0, 8).Narrow(3, 0, 8), far, 1e-2);
            for (int i = 0; i < 64; i++)
            {
                float edge = middles[i] + cells.SafeLimit[i];
                Assert.Equal((0, 1), (Outside(edge - 0.01f, 0.2), Outside(edge + 0.01f, 0.2)));
                edge = middles[i] + cells.Limit[i];
                Assert.Equal((0, 1), (Outside(edge - 0.01f, 0), Outside(edge + 0.01f, 0)));

                double Outside(float value, double slack) => twin.Cells.Outside(plane, Tensor.Zeros([1, 1, side, side]) + value, slack)
                    .Narrow(2, i / 8, 1).Narrow(3, i % 8, 1).Item();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_whole_search_ends_where_that_in_tensors_does(int width, int height, ColourModel model, int horizontal, int vertical)
    {
        // At 90 the search takes all its rounds, which in tensors take their time.
        foreach (int quality in new[] { 20, width * height < 400 ? 90 : 60 })
        {
            var (_, file, picture) = DamagedPicture.Sampled(horizontal, vertical, width, height, model, quality);
            var expected = TensorTwin.Apply(picture, file);
            Assert.NotEqual(0, expected.Before);
            byte[] given = [.. picture.Data];
            var certificate = ConsistentPicture.Apply(picture, file, threads: 1);
            // Another BLAS sums in another order: of what lies on a border, a little may fall to the other side.
            Assert.Equal(expected.Before, Outside(certificate.InsideBefore), 2.0);
            Assert.Equal(expected.After, Outside(certificate.InsideAfter), 2 + (0.0002 * certificate.Coefficients));
            int different = picture.Data.Where((level, i) => level != expected.Result.Data[i]).Count();
            Assert.InRange(different, 0, picture.Data.Length / 50);
            Assert.True(picture.Data.Where((level, i) => level != given[i]).Count() > 10 * different);

            double Outside(double inside) => Math.Round((1 - inside) * certificate.Coefficients);
        }
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        var (_, file, one) = DamagedPicture.Sampled(2, 2, 150, 133, quality: 90);
        var three = ConsistentPicture.Of(one, file);
        var copy = new ImageBuffer(one.Width, one.Height, one.Model, data: [.. one.Data]);
        Assert.Equal(ConsistentPicture.Apply(one, file, threads: 1), ConsistentPicture.Apply(copy, file, threads: 3));
        Assert.Equal(one.Data, copy.Data);
        Assert.Equal(one.Data, three.Data);
    }

    private static float[][] Bands(UnitGrid grid) => [.. grid.Planes.Select(_ => new float[grid.UnitWidth * grid.UnitHeight])];

    private static float[][] Planes(UnitGrid grid) => [.. grid.Planes.Select(plane => new float[plane.Horizontal * plane.Vertical * 64])];

    private static void AssertCoefficients(UnitGrid grid, IReadOnlyList<Tensor> expected, float[][] samples, int unitX, int unitY)
    {
        for (int plane = 0; plane < samples.Length; plane++)
        {
            var cells = grid.Planes[plane];
            var (across, down) = cells.BlocksOf(unitX, unitY);
            int stride = cells.Horizontal * 8;
            for (int y = 0; y < down; y++)
                for (int x = 0; x < across; x++)
                {
                    float[] coefficients = new float[64];
                    FloatDct.Forward(samples[plane].AsSpan((y * 8 * stride) + (x * 8)), stride, coefficients);
                    AssertNear(expected[plane].Narrow(2, y * 8, 8).Narrow(3, x * 8, 8), coefficients, 1e-3);
                }
        }
    }

    private static void AssertNear(Tensor expected, float[] actual, double tolerance)
    {
        float[] values = expected.Contiguous().ToArray<float>();
        Assert.Equal(values.Length, actual.Length);
        for (int i = 0; i < values.Length; i++)
            Assert.Equal(values[i], actual[i], tolerance);
    }
}
