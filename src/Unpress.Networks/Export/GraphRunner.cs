using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Unpress.Models;
using Unpress.Onnx;
using Unpress.Onnx.Schema;
using Unpress.Torch;
using Tensor = Unpress.Torch.Tensor;

namespace Unpress.Networks.Export;

/// <summary>Runs a graph with ONNX Runtime on tensors of libtorch, to compare both.</summary>
public sealed class GraphRunner : IDisposable
{
    private readonly InferenceSession _session;

    /// <exception cref="ExportException">ONNX Runtime does not take the graph.</exception>
    public GraphRunner(ModelProto model)
    {
        using var options = OnnxRuntimeLibrary.Guarded(() => new SessionOptions
        {
            // It warns of weights that are there for training alone.
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            EnableCpuMemArena = false,
            EnableMemoryPattern = false,
        });
        try
        {
            _session = new InferenceSession(model.ToByteArray(), options);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ExportException($"ONNX Runtime refuses the graph: {error.Message}");
        }
    }

    /// <summary>Outputs by name, for inputs by name; what the graph has no input for is left out.</summary>
    /// <exception cref="ExportException">ONNX Runtime cannot compute it.</exception>
    public IReadOnlyDictionary<string, Tensor> Run(IReadOnlyDictionary<string, Tensor> inputs, params IReadOnlyCollection<string> outputs)
    {
        var given = inputs.Where(input => _session.InputMetadata.ContainsKey(input.Key))
            .Select(input => ToValue(input.Key, input.Value)).ToArray();
        try
        {
            using var results = _session.Run(given, outputs);
            return results.ToDictionary(result => result.Name, ToTensor);
        }
        catch (OnnxRuntimeException error)
        {
            throw new ExportException($"ONNX Runtime cannot compute the graph: {error.Message}");
        }
    }

    /// <summary>What a graph takes of a picture and of what is known besides.</summary>
    public static Dictionary<string, Tensor> Inputs(Tensor picture, Conditions known)
    {
        var inputs = new Dictionary<string, Tensor> { [ValueNames.Image] = picture };
        for (int k = 0; k < known.Jpeg?.Planes.Count; k++)
        {
            inputs[ValueNames.Coefficients(k)] = known.Jpeg.Planes[k].Coefficients;
            inputs[ValueNames.Table(k)] = known.Jpeg.Planes[k].Table;
        }

        if (known.Quality is { } quality)
            inputs[ValueNames.Quality] = quality;
        if (known.Noise is { } noise)
            inputs[ValueNames.Noise] = noise;
        if (known.Exit is { } exit)
            inputs[ValueNames.Exit] = Tensor.From([(long)exit], 1);
        foreach (var (name, tensor) in known.Global)
            inputs[OnnxExport.SurveyPrefix + name] = tensor;
        return inputs;
    }

    public void Dispose() => _session.Dispose();

    private static NamedOnnxValue ToValue(string name, Tensor tensor)
    {
        int[] shape = [.. tensor.Shape.Select(size => (int)size)];
        return tensor.DType switch
        {
            DType.Int64 => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<long>(tensor.ToArray<long>(), shape)),
            DType.Float64 => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<double>(tensor.ToArray<double>(), shape)),
            _ => NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(tensor.ToArray<float>(), shape)),
        };
    }

    private static Tensor ToTensor(DisposableNamedOnnxValue value)
    {
        return value.ElementType switch
        {
            TensorElementType.Int64 => Of<long>(),
            TensorElementType.Double => Of<double>(),
            _ => Of<float>(),
        };

        Tensor Of<T>() where T : unmanaged
        {
            var dense = value.AsTensor<T>().ToDenseTensor();
            return Tensor.From((ReadOnlySpan<T>)dense.Buffer.Span, [.. dense.Dimensions.ToArray().Select(size => (long)size)]);
        }
    }
}
