using Unpress.Data;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Tests.Inference;

/// <summary>A model that is any function of its input's planes; it counts its runs and surveys.</summary>
internal sealed class FunctionModel(ModelFacts facts, Action<ModelInput, Planes> run) : IModel
{
    public FunctionModel(int channels, Func<float, float> function)
        : this(Of(channels), (input, output) => Each(input.Picture, output, function))
    {
    }

    public ModelFacts Facts => facts;

    public string Engine => "a function";

    public long KeptBytes => 0;

    public int Runs { get; private set; }

    public int Surveys { get; private set; }

    /// <summary>Answers the survey; none without it.</summary>
    public Func<Planes, IReadOnlyDictionary<string, FoundValue>>? Find { get; init; }

    /// <summary>Pixels that fit; all where it is not given.</summary>
    public long? Fits { get; init; }

    public static ModelFacts Of(int channels, int receptiveField = 0, int multiple = 1)
        => new() { Network = "function", Channels = channels, ReceptiveField = receptiveField, SizeMultiple = multiple };

    public static void Each(Planes input, Planes output, Func<float, float> function)
    {
        for (int k = 0; k < input.Values.Length; k++)
            output.Values[k] = function(input.Values[k]);
    }

    public void Run(ModelInput input, Planes output)
    {
        input.Cancellation.ThrowIfCancellationRequested();
        Runs++;
        run(input, output);
    }

    public IReadOnlyDictionary<string, FoundValue> Survey(ModelInput input)
    {
        Surveys++;
        return Find?.Invoke(input.Picture) ?? input.Found;
    }

    public long PixelsIn(long free, long wanted, double besides) => Math.Min(wanted, Fits ?? wanted);

    public void Trim()
    {
    }

    public void Dispose()
    {
    }
}
