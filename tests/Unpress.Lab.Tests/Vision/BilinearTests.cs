using Unpress.Torch;
using Unpress.Vision;

namespace Unpress.Tests.Vision;

/// <summary>libtorch's resampling is the twin.</summary>
public class BilinearTests
{
    [Theory]
    [InlineData(7, 5, 16, 16)]
    [InlineData(31, 40, 9, 13)]
    [InlineData(1, 6, 5, 6)]
    [InlineData(8, 8, 8, 8)]
    public void Planes_come_out_as_from_libtorch(int height, int width, int newHeight, int newWidth)
    {
        using var scope = TensorScope.Enter();
        var planes = Tensor.Rand([1, 3, height, width]);
        float[] expected = Functional.Interpolate(planes, newHeight, newWidth, Interpolation.Bilinear).ToArray<float>();
        float[] actual = Bilinear.Resize(planes.ToArray<float>(), (height, width), (newHeight, newWidth));
        Assert.Equal(expected.Length, actual.Length);
        for (int k = 0; k < actual.Length; k++)
            Assert.Equal(expected[k], actual[k], 1e-5f);
    }
}
