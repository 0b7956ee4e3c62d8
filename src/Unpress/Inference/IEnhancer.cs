using Unpress.Imaging;

namespace Unpress.Inference;

/// <summary>Anything that takes the damage out of a picture: a model, another program.</summary>
public interface IEnhancer
{
    /// <summary>Name in tables and reports, and in the results' provenance.</summary>
    string Name { get; }

    /// <summary>How much of its change a picture gets, 0..100 percent; 0 leaves every pixel as it is.</summary>
    double Strength => 100;

    /// <summary>True when another draw gives another answer.</summary>
    bool HasCandidates => false;

    /// <summary>A restored copy of the picture: same size, colour model and depth. The input is left as it is.</summary>
    /// <param name="draw">Which of its answers an enhancer with <see cref="HasCandidates"/> gives; null for the one without noise.</param>
    /// <param name="progress">Told how many tiles are done, by enhancers that cut a picture.</param>
    /// <exception cref="ArgumentException">A draw for an enhancer that has one answer.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    ImageBuffer Enhance(ImageBuffer image, NoiseDraw? draw, Action<TileProgress>? progress, CancellationToken cancellation);

    /// <summary>The one answer, without a report.</summary>
    ImageBuffer Enhance(ImageBuffer image, CancellationToken cancellation) => Enhance(image, null, null, cancellation);
}

/// <summary>One draw of the noise from which a one-to-many model makes an answer.</summary>
/// <param name="Seed">The same seed gives the same answer again.</param>
/// <param name="Scale">What the noise is multiplied with: 1 as trained, 0 as without a draw.</param>
public sealed record NoiseDraw(ulong Seed, double Scale = 1);
