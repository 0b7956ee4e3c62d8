using Unpress.Imaging;

namespace Unpress.Inference;

/// <summary>Anything that takes the damage out of a picture: a network with weights, an ONNX file, another program.</summary>
public interface IEnhancer
{
    /// <summary>Name in tables and reports.</summary>
    string Name { get; }

    /// <summary>A restored copy of the picture: same size, colour model and depth. The input is left as it is.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    ImageBuffer Enhance(ImageBuffer image, CancellationToken cancellation);
}
