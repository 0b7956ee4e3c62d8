using Unpress.Imaging;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>Models by name or file, in the engine that runs their kind: ONNX files in ONNX Runtime, weight files in libtorch.</summary>
public static class ModelOpener
{
    /// <summary>Words for facts of a file that knows its own.</summary>
    public const string NoFacts = "--facts belongs to ONNX Runtime, where files of others run";

    /// <summary>In fp32: what is measured must not depend on the machine.</summary>
    /// <param name="device">One of <see cref="OnnxDevice.All"/>; for weight files auto, cpu or cuda.</param>
    /// <exception cref="Imaging.MissingToolException">There is no such model, or its engine is not here.</exception>
    /// <exception cref="ArgumentException">The facts make no sense, or the file takes none.</exception>
    public static IModel Open(string nameOrFile, IReadOnlyDictionary<string, string>? facts = null, string device = OnnxDevice.Cpu)
    {
        string file = ModelFinder.Find(nameOrFile);
        if (!IsWeights(file))
            return OnnxModel.Open(file, new OnnxModelOptions { Device = device, Facts = facts ?? new Dictionary<string, string>() });
        return facts is { Count: > 0 } ? throw new ArgumentException(NoFacts) : OpenNetwork(file, new NetworkModelOptions { Device = Devices.Find(device) });
    }

    /// <summary>A model's network in libtorch: of a weight file, or of an ONNX file whose network is in the catalogue.</summary>
    /// <exception cref="Torch.Weights.WeightsFormatException">The file does not say which network it is for, or does not fit it.</exception>
    public static NetworkModel OpenNetwork(string file, NetworkModelOptions options)
    {
        var model = ModelFile.Load(file);
        return new NetworkModel(model.Name, model.Network, options);
    }

    /// <summary>True for what libtorch alone runs.</summary>
    public static bool IsWeights(string file) => file.EndsWith(ModelFinder.WeightsExtension, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Devices by the words of options and recipes: auto, cpu, cuda.</summary>
public static class Devices
{
    /// <summary>For auto, CUDA where it works.</summary>
    /// <exception cref="MissingToolException">CUDA was asked for and there is none.</exception>
    public static Device Find(string name) => name switch
    {
        "cpu" => Device.Cpu,
        "auto" => TorchRuntime.CudaDeviceCount > 0 ? Device.Cuda() : Device.Cpu,
        not "cuda" => throw new ArgumentException($"libtorch has no device '{name}': auto, cpu or cuda"),
        _ => TorchRuntime.CudaDeviceCount > 0 ? Device.Cuda() : throw new MissingToolException("a CUDA device", "this libtorch finds none; --device cpu"),
    };
}
