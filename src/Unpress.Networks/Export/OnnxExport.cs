using System.Text.Json.Nodes;
using Unpress.Jpeg;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Torch;
using Unpress.Torch.Weights;

namespace Unpress.Networks.Export;

/// <summary>
/// A network as an ONNX graph. There is no second description of it: it runs for five sizes of picture while <see cref="Op.Observe"/> shows
/// every operator; what all runs have in common is the graph, and numbers that differ are formulas of the picture's height and width.
/// Also padding to the network's multiple comes about so: the graph takes every size.
/// </summary>
public static class OnnxExport
{
    /// <summary>Version of ONNX's operators: the newest that Debian's checker knows.</summary>
    public const int Opset = 17;

    private const int IrVersion = 8;

    /// <summary>What a survey value's name begins with that is not one of <see cref="ValueNames"/>.</summary>
    public const string SurveyPrefix = "survey_";

    internal const string Height = "H", Width = "W";

    /// <summary>
    /// Sides in multiples of the network's own, and what is missing to them in sixteenths of it (<see cref="One"/>: one pixel). All differ,
    /// are odd and even on every scale, and something is always missing; nothing and one pixel are, so that it shows where a division is
    /// rounded.
    /// </summary>
    private static readonly (int Down, int Across, int LessDown, int LessAcross)[] Sizes =
        [(3, 5, 9, 0), (5, 3, 0, 11), (4, 6, 10, One), (6, 4, One, 14), (7, 8, 13, 7)];

    private const int One = -1;

    /// <summary>Sides for networks that take any.</summary>
    private static readonly (int Height, int Width)[] AnySizes = [(64, 63), (55, 40), (42, 51), (45, 64), (63, 46)];

    /// <summary>Sides below this are too small for some networks' layers.</summary>
    private const int LeastSide = 24;

    /// <param name="network">In evaluation mode, on the CPU.</param>
    /// <param name="facts">What is known of where it comes from; what the network itself tells is filled in.</param>
    /// <param name="half">Weights are stored as float16 and cast to float32 when the model is loaded.</param>
    /// <exception cref="ExportException">The network does what a graph cannot.</exception>
    public static ModelProto Create(Network network, ModelFacts facts, bool half)
    {
        network.Eval();
        var weights = Weights(network, half);
        var surveys = new List<(string Name, int Place)>();
        var exits = new List<(int Output, int IsGood)>();
        var inner = new List<(string Name, int Place)>();
        int restored = 0;
        var recordings = Sides(network.Facts.SizeMultiple)
            .Select(size => Recording.Of(network, recording => Run(recording, size.Height, size.Width))).ToArray();
        var graph = TracedGraph.Of(recordings);
        var writer = new GraphWriter(new SizeFormulas(network.Facts.SizeMultiple));
        writer.AddWeights(weights.Stored);
        foreach (var input in graph.Inputs)
            writer.AddInput(input, InputSizes(input));
        int[] results = exits.Count > 0 ? [.. exits.SelectMany(exit => new[] { exit.Output, exit.IsGood })] : [restored];
        var needed = Needed(graph, [.. results, .. surveys.Concat(inner).Select(value => value.Place)]);
        // Numbers that may be given need a name before anything uses them; what is computed gets its name when it is there.
        foreach (var (name, place) in inner.Where(value => graph.At(value.Place).Constant is not null))
            Call(name, place, isOutput: false);
        foreach (var step in graph.Steps.Where(needed.Contains))
            writer.Add(step);
        if (exits.Count > 0)
        {
            var named = exits.Select(exit => (writer.Name(graph.At(exit.Output)), writer.Name(graph.At(exit.IsGood))));
            EarlyExitGraph.Nest(writer.Graph, [.. named], network.Facts.Channels);
        }
        else
            Call(ValueNames.Restored, restored, isOutput: true);
        foreach (var (name, place) in surveys)
            Call(name, place, isOutput: true);
        foreach (var (name, place) in inner.Where(value => graph.At(value.Place).Constant is null))
            Call(name, place, isOutput: false);
        if (exits.Count == 0)
        {
            writer.DescribeValues();
            BlockedLayout.Apply(writer.Graph);
        }
        string[] found = [.. exits.Count > 0 ? [ValueNames.Exit] : Array.Empty<string>(), .. surveys.Select(survey => survey.Name)];
        return Model(writer.Graph, Complete(network, facts, weights, found));

        void Run(Recording recording, int height, int width)
        {
            var picture = recording.Input(ValueNames.Image, () => Tensor.Rand([1, network.Facts.Channels, height, width]));
            var known = Given(recording, network.Facts, height, width);
            surveys.Clear();
            inner.Clear();
            exits.Clear();
            if (network is IEarlyExit { Exits: > 1 } several)
            {
                exits.AddRange(several.AllJudged(picture).Select(exit => (recording.PlaceOf(exit.Output), recording.PlaceOf(exit.IsGood))));
                return;
            }

            if (network.Facts.Uses.HasFlag(Knowledge.Noise))
            {
                known = known with { Noise = Tensor.Zeros([1, 1, height, width]) };
                inner.Add((ValueNames.Noise, recording.PlaceOf(known.Noise)));
            }

            if (network.Facts.Uses.HasFlag(Knowledge.Jpeg) && known.Jpeg is null)
            {
                var luma = OfPixels(network.Facts, picture);
                known = known with { Jpeg = new JpegTensors([luma]) };
                inner.Add((ValueNames.Coefficients(0), recording.PlaceOf(luma.Coefficients)));
                inner.Add((ValueNames.Table(0), recording.PlaceOf(luma.Table)));
            }

            if (network.Facts.Uses.HasFlag(Knowledge.Quality))
            {
                if (network is not IQualityPredictor { PredictsQuality: true } predictor)
                    throw new ExportException("it uses a quality factor and predicts none");
                known = known with { Quality = predictor.PredictQuality(picture) };
                surveys.Add((ValueNames.Quality, recording.PlaceOf(known.Quality)));
            }

            known = network.Survey(picture, known);
            surveys.AddRange(known.Global.Select(entry => (SurveyPrefix + entry.Key, recording.PlaceOf(entry.Value))));
            restored = recording.PlaceOf(network.Forward(picture, known));
        }

        void Call(string name, int place, bool isOutput)
        {
            var tensor = graph.At(place);
            writer.Call(name, tensor, isOutput, [.. tensor.Shape.Select((size, d) => size.IsConstant
                ? $"{size.Values[0]}"
                : d == tensor.Rank - 2 ? Height : d == tensor.Rank - 1 ? Width : $"{name}_{d}")]);
        }
    }

    /// <summary>Sides of the pictures that are recorded.</summary>
    private static IEnumerable<(int Height, int Width)> Sides(int multiple)
    {
        int more = Math.Max(0, ((LeastSide + multiple - 1) / multiple) - 3);
        return multiple == 1 ? AnySizes : Sizes.Select(size => (Side(size.Down, size.LessDown), Side(size.Across, size.LessAcross)));

        int Side(int count, int less)
            => ((count + more) * multiple) - (less == One ? 1 : (multiple * less / 16) + (multiple > 16 ? less % 4 : 0));
    }

    /// <summary>What the network needs besides the picture: coefficients of 4:2:0, or of gray.</summary>
    private static Conditions Given(Recording recording, NetworkFacts facts, int height, int width)
    {
        if (!facts.Needs.HasFlag(Knowledge.Jpeg))
            return Conditions.None;
        var planes = Conditions.Blank(facts, height, width).Jpeg!.Planes.Select((plane, k) => plane with
        {
            Coefficients = recording.Input(ValueNames.Coefficients(k), () => Tensor.Randn(plane.Coefficients.Shape)),
            Table = recording.Input(ValueNames.Table(k), () => plane.Table + 1),
        });
        return new Conditions { Jpeg = new JpegTensors([.. planes]) };
    }

    /// <summary>For a network that can do without a file: the cosine transform of the pixels, in steps of 1.</summary>
    private static JpegPlane OfPixels(NetworkFacts facts, Tensor picture)
    {
        if (facts.Channels != 1)
            throw new ExportException("it can do without a JPEG's coefficients, in colour: there is no default for them");
        long Missing(long size) => (facts.SizeMultiple - (size % facts.SizeMultiple)) % facts.SizeMultiple;
        var padded = Functional.Pad(picture, 0, Missing(picture.Size(3)), 0, Missing(picture.Size(2)), Torch.Padding.Replicate);
        return new JpegPlane(BlockDct.Forward(TensorColour.ToSamples(padded)), Tensor.Ones([1, 1, BlockDct.Side, BlockDct.Side]));
    }

    private static string[] InputSizes(TracedTensor input)
        => [.. input.Shape.Select((size, d) => size.IsConstant ? $"{size.Values[0]}"
            : input.Name == ValueNames.Image ? d == 2 ? Height : Width
            : $"{(d == 2 ? Height : Width)}_{input.Name}")];

    /// <summary>The steps that results depend on.</summary>
    private static HashSet<TracedStep> Needed(TracedGraph graph, IEnumerable<int> results)
    {
        var wanted = results.Select(graph.At).ToHashSet();
        var steps = new HashSet<TracedStep>();
        foreach (var step in graph.Steps.Reverse().Where(step => wanted.Contains(step.Result)))
        {
            steps.Add(step);
            foreach (var tensor in step.Arguments.SelectMany(argument => argument.Tensors ?? []))
                if (tensor is not null)
                    wanted.Add(tensor);
        }

        return steps;
    }

    private static ModelFacts Complete(Network network, ModelFacts facts, StoredWeights weights, IEnumerable<string> surveys) => facts with
    {
        Channels = network.Facts.Channels,
        ReceptiveField = network.Facts.ReceptiveField,
        SizeMultiple = network.Facts.SizeMultiple,
        SeesWhole = network.Facts.SeesWhole,
        Padding = PaddingPlace.Inside,
        Uses = Inputs(network.Facts.Uses),
        Needs = Inputs(network.Facts.Needs),
        Surveys = [.. surveys],
        Sampling = network.Facts.Needs.HasFlag(Knowledge.Jpeg) && network.Facts.Channels == 3 ? "4:2:0" : null,
        Shared = weights.Shared,
        WeightsSha256 = WeightTable.Hash(weights.Stored),
    };

    private static ModelInputs Inputs(Knowledge knowledge)
        => (knowledge.HasFlag(Knowledge.Quality) ? ModelInputs.Quality : ModelInputs.None)
            | (knowledge.HasFlag(Knowledge.Jpeg) ? ModelInputs.Jpeg : ModelInputs.None)
            | (knowledge.HasFlag(Knowledge.Noise) ? ModelInputs.Noise : ModelInputs.None);

    private static ModelProto Model(GraphProto graph, ModelFacts facts)
    {
        graph.Name = facts.Network;
        var model = new ModelProto { IrVersion = IrVersion, ProducerName = "unpress", Graph = graph };
        if (facts.Description is { } description)
            model.DocString = description;
        model.OpsetImport.Add(new OperatorSetIdProto { Version = Opset });
        OnnxFile.SetFacts(model, facts);
        return model;
    }

    private sealed record StoredWeights(IReadOnlyList<OnnxWeight> Stored, IReadOnlyDictionary<string, string> Shared);

    /// <summary>
    /// The network's tensors under the names of its weight file. A layer that stands in several places has its tensors once, under the
    /// first name; so has a table that is computed and the same in many layers.
    /// </summary>
    private static StoredWeights Weights(Network network, bool half)
    {
        var stored = new List<OnnxWeight>();
        var shared = new Dictionary<string, string>(StringComparer.Ordinal);
        var first = new Dictionary<Tensor, string>(ReferenceEqualityComparer.Instance);
        foreach (var (name, tensor) in network.StateDict())
        {
            if (!first.TryAdd(tensor, name))
            {
                shared[name] = first[tensor];
                continue;
            }

            using var as16 = half && tensor.DType == DType.Float32 ? tensor.Detach().To(DType.Float16) : tensor.Detach();
            var weight = as16.ToStored(name);
            stored.Add(new OnnxWeight(name, GraphWriter.TypeOf(weight.DType), weight.Shape, weight.Bytes.ToArray()));
        }

        return new StoredWeights(stored, shared);
    }
}
