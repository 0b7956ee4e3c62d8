using Unpress.Imaging;
using Unpress.Networks;
using Unpress.Torch;
using Unpress.Torch.Nn;

namespace Unpress.Tests.Inference;

/// <summary>Pictures of seeded noise in every layout, and a small network with weights.</summary>
internal static class InferencePictures
{
    public static ImageBuffer Noise(int width, int height, ColourModel model, bool alpha = false, int bits = 8, int seed = 1)
    {
        var image = new ImageBuffer(width, height, model, alpha, bits);
        new Random(seed).NextBytes(image.Data);
        return image;
    }

    /// <summary>Our default network, narrow, with weights that change a picture visibly. Reach 52.</summary>
    public static UnpressNet SmallNetwork(int channels = 3)
    {
        TorchRuntime.Seed(7);
        var network = new UnpressNet(new UnpressNetOptions { Channels = channels, Width = 8, Blocks = [1, 1, 1] });
        foreach (var (name, tensor) in network.NamedParameters())
            if (name.StartsWith("tail", StringComparison.Ordinal))
                Init.Normal(tensor, 0, 0.03);
        return network;
    }

    public static int LargestDifference(ImageBuffer a, ImageBuffer b)
        => a.Data.Zip(b.Data, (x, y) => Math.Abs(x - y)).Max();
}
