using Unpress.Imaging;
using Unpress.Vision;

namespace Unpress.Tests.Vision;

/// <summary>Pictures of 16×16 in four squares of one colour, which the models in <c>tests/golden/onnx</c> look at.</summary>
internal static class SquarePicture
{
    public static string Model(string name) => RepoPaths.Combine("tests", "golden", "onnx", $"{name}.onnx");

    /// <param name="colours">Red and blue of the squares: top left, top right, bottom left, bottom right.</param>
    /// <param name="scale">Pixels to one.</param>
    public static ImageBuffer Of((byte Red, byte Blue)[] colours, int scale = 1)
    {
        int side = 16 * scale;
        var picture = new ImageBuffer(side, side, ColourModel.Rgb);
        for (int i = 0; i < side * side; i++)
        {
            var (red, blue) = colours[((i / side >= side / 2) ? 2 : 0) + ((i % side >= side / 2) ? 1 : 0)];
            (picture.Data[3 * i], picture.Data[(3 * i) + 2]) = (red, blue);
        }

        return picture;
    }

    public static void Near(Detection expected, Detection actual)
    {
        Assert.Equal(expected.Class, actual.Class);
        Assert.Equal(expected.Score, actual.Score, 3);
        Assert.Equal(expected.Box.Left, actual.Box.Left, 3);
        Assert.Equal(expected.Box.Top, actual.Box.Top, 3);
        Assert.Equal(expected.Box.Right, actual.Box.Right, 3);
        Assert.Equal(expected.Box.Bottom, actual.Box.Bottom, 3);
    }
}
