using Unpress.Data;
using Unpress.Imaging;
using Unpress.Onnx;

namespace Unpress.Inference;

/// <summary>
/// A restoration model that is ready to run on planes: an ONNX file in ONNX Runtime, or a network of the workshop in libtorch. Several threads
/// may call it.
/// </summary>
public interface IModel : IDisposable
{
    /// <summary>What the rest of the program must know of it.</summary>
    ModelFacts Facts { get; }

    /// <summary>What computes it, and on what: "ONNX Runtime 1.31.1 on cpu".</summary>
    string Engine { get; }

    /// <summary>Restores a picture or a part of one, of any size.</summary>
    /// <param name="output">[channels, H, W] of the input's size; every value is set.</param>
    /// <exception cref="ModelException">The engine cannot run the model on this input.</exception>
    /// <exception cref="InsufficientMemoryException">A smaller part may go.</exception>
    /// <exception cref="OperationCanceledException">The input's token was cancelled.</exception>
    void Run(ModelInput input, Planes output);

    /// <summary>
    /// What the model finds in the whole picture, by names of its own: a gate, a predicted quality, an exit. Asked once before a picture is cut
    /// into tiles, so that all tiles share the answers. Empty for models that look for nothing.
    /// </summary>
    /// <param name="input">The whole picture, or the middle of one that is too large for the memory.</param>
    IReadOnlyDictionary<string, FoundValue> Survey(ModelInput input);

    /// <summary>How many pixels it can take at once.</summary>
    /// <param name="free">Bytes of main memory there are.</param>
    /// <param name="wanted">Pixels of the whole picture.</param>
    /// <param name="besides">Bytes that its caller takes for each of those pixels.</param>
    /// <returns>1..<paramref name="wanted"/>.</returns>
    long PixelsIn(long free, long wanted, double besides);

    /// <summary>Bytes of main memory that it holds for its next run: not in use, though the system counts them as ours.</summary>
    long KeptBytes { get; }

    /// <summary>Gives back what it keeps for its next run.</summary>
    void Trim();
}

/// <summary>A value that a model found in a whole picture: numbers, row-major.</summary>
public sealed record FoundValue(float[] Values, long[] Shape);

/// <summary>What one run of a model is given.</summary>
public sealed record ModelInput
{
    private static readonly Dictionary<string, FoundValue> Nothing = [];

    /// <summary>[channels, H, W], 0..1, as the model takes it.</summary>
    public required Planes Picture { get; init; }

    /// <summary>1..100, as the user says; null lets a model that uses it find its own.</summary>
    public double? Quality { get; init; }

    /// <summary>The file's components from the picture's first pixel on; null where there is no such file.</summary>
    public IReadOnlyList<CoefficientPlane>? Jpeg { get; init; }

    /// <summary>[Cz, H, W] random numbers; null for none.</summary>
    public Planes? Noise { get; init; }

    /// <summary>What <see cref="IModel.Survey"/> found in the whole picture.</summary>
    public IReadOnlyDictionary<string, FoundValue> Found { get; init; } = Nothing;

    /// <summary>Told by engines whose run can take hours how much of it is done, 0..1; what it throws ends the run. Null where nobody listens.</summary>
    public Action<double>? Progress { get; init; }

    public CancellationToken Cancellation { get; init; }
}

/// <summary>An engine cannot run a model on what it was given; the message is one line without the picture's name.</summary>
public sealed class ModelException(string message, Exception? inner = null) : UnpressException(message, inner);

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
