using Unpress.Data;

namespace Unpress.Tests.Data;

public sealed class DeadLeavesTests
{
    [Fact]
    public void A_picture_is_a_function_of_its_number_and_has_no_bare_place()
    {
        var first = DeadLeaves.Picture(0);

        Assert.Equal((DeadLeaves.Side, DeadLeaves.Side, 3), (first.Width, first.Height, first.Bands));
        Assert.Equal(first.Data, DeadLeaves.Picture(0).Data);
        Assert.NotEqual(first.Data, DeadLeaves.Picture(1).Data);
        Assert.True(first.Data.Count(value => value == 0) < first.Data.Length / 50, "black is as rare as any colour");
    }

    /// <summary>
    /// Of natural pictures the spectrum falls with the square of the frequency: at half the scale, differences of neighbours have nearly
    /// the same size.
    /// </summary>
    [Fact]
    public void It_looks_alike_at_two_scales()
    {
        double fine = 0, coarse = 0;
        for (int index = 0; index < 8; index++)
        {
            var picture = DeadLeaves.Picture(index);
            byte[] half = Resampler.Resize(picture.Data, picture.Width, picture.Height, 3, picture.Width / 2, picture.Height / 2, ResamplingKernel.Area);
            fine += Difference(picture.Data, picture.Width);
            coarse += Difference(half, picture.Width / 2);
        }

        Assert.InRange(coarse / fine, 1, 1.5);
    }

    private static double Difference(byte[] picture, int width)
        => Enumerable.Range(0, picture.Length - 3).Where(i => i / 3 % width < width - 1).Average(i => Math.Abs(picture[i] - picture[i + 3]));

    [Fact]
    public void Trainings_read_them_without_a_folder()
    {
        using var pictures = new TrainingPictures((40, 30, 3));
        using var pack = PackedImages.Open([new TrainingFolder { DeadLeaves = 3 }], 1, pictures.Cache, _ => throw new InvalidOperationException());

        Assert.Equal("3 pictures", pack.Summary);
        Assert.True(pack.Pixels(2).SequenceEqual(DeadLeaves.Picture(2).Data));
    }
}
