using System.Text.Json.Nodes;
using Unpress.Downloads;
using Unpress.Imaging;
using Unpress.Networks.Backbones;
using Unpress.Torch;

namespace Unpress.Metrics;

/// <summary>FID's features of pictures: 2,048 numbers each, by the Inception network that pytorch-fid uses.</summary>
public sealed class InceptionFeatures : IDisposable
{
    public const string Weights = "inception_v3_fid";
    public const int Count = 2048;

    private readonly InceptionV3 _network;

    /// <param name="clean">Pictures are resized as clean-fid does, not as pytorch-fid; the two do not compare.</param>
    /// <exception cref="MissingToolException">The weights are not here; the message says which file belongs where.</exception>
    public InceptionFeatures(bool clean = false)
        => _network = (InceptionV3)InceptionV3.Entry.Load(OfficialFiles.Require(Weights), new JsonObject { ["clean"] = clean });

    public float[] Of(ImageBuffer image)
    {
        using var scope = TensorScope.Enter();
        using var noGrad = Autograd.NoGrad();
        return _network.FidFeatures(MetricTensor.Rgb(image)).ToArray<float>();
    }

    public void Dispose() => _network.Dispose();
}
