using System.Text.Json.Nodes;

namespace Unpress.Onnx;

/// <summary>What a model may be given besides the picture.</summary>
[Flags]
public enum ModelInputs
{
    None = 0,

    /// <summary>The quality factor, 1..100: the value <see cref="ValueNames.Quality"/>.</summary>
    Quality = 1,

    /// <summary>
    /// The quantised coefficients and tables of the JPEG file: <see cref="ValueNames.Coefficients"/>, <see cref="ValueNames.Table"/>.
    /// </summary>
    Jpeg = 2,

    /// <summary>Random planes, another draw gives another picture: the value <see cref="ValueNames.Noise"/>.</summary>
    Noise = 4,
}

/// <summary>Order of a picture's dimensions in memory.</summary>
public enum TensorLayout
{
    /// <summary>N×C×H×W.</summary>
    Nchw,

    /// <summary>N×H×W×C.</summary>
    Nhwc,
}

/// <summary>Order of the three colour planes.</summary>
public enum ColourOrder
{
    Rgb,
    Bgr,
}

/// <summary>Who brings a picture to a multiple of <see cref="ModelFacts.SizeMultiple"/> and crops the result.</summary>
public enum PaddingPlace
{
    /// <summary>The graph: it takes any height and width.</summary>
    Inside,

    /// <summary>The caller, who repeats the last row and column.</summary>
    Outside,
}

/// <summary>The value of black and of white.</summary>
public readonly record struct ValueRange(double Low, double High)
{
    public static ValueRange Unit { get; } = new(0, 1);
}

/// <summary>
/// What the rest of the program must know of a model without running it, and what a person wants to know of where it comes from. It stands
/// in the ONNX file's metadata, one string a key (<see cref="FactKeys"/>); docs/onnx.md lists them.
/// </summary>
public sealed record ModelFacts
{
    /// <summary>The version of the keys that this program writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The network's name in the catalogue; for a model of others whatever it is called.</summary>
    public required string Network { get; init; }

    /// <summary>The network's options, complete.</summary>
    public JsonObject Options { get; init; } = [];

    /// <summary>1 for gray, 3 for colour.</summary>
    public required int Channels { get; init; }

    /// <summary>
    /// The receptive field: pixels that an output pixel sees in each direction. Tiles overlap at least this much. Survey values are not
    /// counted.
    /// </summary>
    public required int ReceptiveField { get; init; }

    /// <summary>Tiles start on multiples of this; with <see cref="PaddingPlace.Outside"/> height and width are multiples of it.</summary>
    public int SizeMultiple { get; init; } = 1;

    /// <summary>
    /// Pixels a side below which the graph does not run: smaller pictures go on with their last row and column, and the result is cropped.
    /// </summary>
    public int LeastSide { get; init; } = 1;

    public PaddingPlace Padding { get; init; } = PaddingPlace.Inside;

    public ValueRange Range { get; init; } = ValueRange.Unit;

    public TensorLayout Layout { get; init; } = TensorLayout.Nchw;

    public ColourOrder Colours { get; init; } = ColourOrder.Rgb;

    /// <summary>
    /// Layers everywhere look at the mean of the whole picture: no survey can tell them all, and in tiles the result is close to that of
    /// the picture in one piece, not equal.
    /// </summary>
    public bool SeesWhole { get; init; }

    /// <summary>What it makes use of besides the pixels where it is known.</summary>
    public ModelInputs Uses { get; init; }

    /// <summary>What of that it cannot do without.</summary>
    public ModelInputs Needs { get; init; }

    /// <summary>
    /// The chroma subsampling of the JPEGs whose coefficients it takes, "4:2:0"; null for networks of the luma, which take any.
    /// </summary>
    public string? Sampling { get; init; }

    /// <summary>
    /// Graph outputs besides the picture, found in the whole of it: computed once, and given to every tile (<see cref="GraphCut"/>).
    /// </summary>
    public IReadOnlyList<string> Surveys { get; init; } = [];

    /// <summary>
    /// The JPEG quality factor, 1..99, up to which a file gets all of the model's correction; above it the share falls to nothing at 100. Null for the
    /// usual one.
    /// </summary>
    public int? FullTo { get; init; }

    /// <summary>
    /// Memory that a run takes for each pixel of its input, measured with ONNX Runtime when the model was exported; null where nobody did.
    /// </summary>
    public double? BytesPerPixel { get; init; }

    /// <summary>Memory that a run takes besides, weights included; null where nobody measured.</summary>
    public long? FixedBytes { get; init; }

    /// <summary>SHA-256 of the weights in lower-case hexadecimal, see <see cref="WeightTable.Hash"/>; null for models of others.</summary>
    public string? WeightsSha256 { get; init; }

    /// <summary>
    /// Weights that are other weights under a second name: alias to the name in the file.
    /// </summary>
    public IReadOnlyDictionary<string, string> Shared { get; init; } = new Dictionary<string, string>();

    /// <summary>What it is for, a sentence.</summary>
    public string? Description { get; init; }

    /// <summary>The codecs whose damage it was trained on, such as "jpeg".</summary>
    public string? Codec { get; init; }

    /// <summary>Name of the recipe that it was trained with.</summary>
    public string? Recipe { get; init; }

    /// <summary>The pictures that it was trained with.</summary>
    public string? Data { get; init; }

    /// <summary>The terms of the weights.</summary>
    public string? Licence { get; init; }

    /// <summary>Who or what trained it, and how.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Steps of training.</summary>
    public long? Steps { get; init; }

    /// <summary>Hours of training.</summary>
    public double? Hours { get; init; }

    /// <summary>Metadata under other keys than ours: kept, not understood.</summary>
    public IReadOnlyDictionary<string, string> Other { get; init; } = new Dictionary<string, string>();
}
