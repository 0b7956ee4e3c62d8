using Microsoft.ML.OnnxRuntime;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Models;
using Unpress.Onnx;
using Unpress.Recipes;

namespace Unpress.Vision;

/// <summary>A detector or segmenter of others, an ONNX file in ONNX Runtime on the processor. Safe to use from several threads.</summary>
public sealed class VisionModel : IDisposable
{
    private readonly OnnxSession _session;
    private readonly string _input;

    private VisionModel(OnnxFile file, OnnxSession session)
    {
        _session = session;
        Path = file.Path;
        Outputs = [.. file.Outputs.Select(output => output.Name)];
        _input = file.Inputs.Count == 1 && file.Inputs[0].Type == ElementType.Float
            ? file.Inputs[0].Name
            : throw new InvalidFileException(
                file.Path, $"takes {string.Join(", ", file.Inputs.Select(input => $"{input.Name} ({input.Type})"))}; one picture of floats can be given");
    }

    /// <summary>Of its file.</summary>
    public string Path { get; }

    /// <summary>Names of the outputs.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <exception cref="InvalidFileException">There is no such file, or it is no ONNX file that ONNX Runtime takes.</exception>
    /// <exception cref="MissingToolException">There is no library of ONNX Runtime.</exception>
    public static VisionModel Open(string path)
    {
        try
        {
            var file = OnnxFile.Read(path);
            return new VisionModel(file, OnnxSession.Open(path, null, new OnnxModelOptions(), OnnxDevice.Cpu));
        }
        catch (OnnxFileException error)
        {
            throw new InvalidFileException(path, error.Reason, error);
        }
    }

    /// <summary>One pass.</summary>
    /// <param name="input">1 × channels × height × width.</param>
    /// <exception cref="InvalidFileException">The model does not take an input of this size, or an operation failed.</exception>
    public IReadOnlyList<ModelOutput> Run(float[] input, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Length, channels * height * width);
        using var value = OrtValue.CreateTensorValueFromMemory(input, [1, channels, height, width]);
        try
        {
            var found = _session.Run(new Dictionary<string, OrtValue> { [_input] = value }, Outputs, default);
            return [.. Outputs.Zip(found, (name, output) => new ModelOutput(name, [.. output.Shape.Select(size => checked((int)size))], output.Values))];
        }
        catch (ModelException error)
        {
            throw new InvalidFileException(
                Path, $"cannot be run on {width}x{height} pixels; if it was made for others, set 'size' of its 'input': {error.Message}", error);
        }
    }

    public void Dispose() => _session.Dispose();
}

/// <summary>What a model takes: RGB or BGR planes, (sample − mean) / deviation of samples 0..255.</summary>
public sealed record VisionInput : IHasFaults
{
    /// <summary>Pixels a side of its square; left out: pictures go in as they are.</summary>
    public int? Size { get; init; }

    public InputFit Fit { get; init; } = InputFit.Letterbox;

    /// <summary>What letterboxes are filled with, 0..255.</summary>
    public int Fill { get; init; } = 114;

    public bool Bgr { get; init; }

    /// <summary>Of the three bands as the model takes them, 0..255.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0, 0, 0];

    /// <inheritdoc cref="Mean"/>
    public IReadOnlyList<double> Deviation { get; init; } = [255, 255, 255];

    public IEnumerable<string> Faults()
    {
        if (Size < 8)
            yield return $"size is {Size}, must be 8 or more";
        if (Fill is < 0 or > 255)
            yield return $"fill is {Fill}, must be 0 to 255";
        if (Mean.Count != 3 || Deviation.Count != 3)
            yield return "mean and deviation must be of three bands";
        if (Deviation.Contains(0))
            yield return "deviation must not be 0";
    }
}
