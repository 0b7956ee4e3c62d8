using Unpress.Imaging;
using Unpress.Models;
using Unpress.Networks;
using Unpress.Torch;

namespace Unpress.Inference;

/// <summary>Models by name or file, in the engine that runs their kind: ONNX files in ONNX Runtime, weight files in libtorch.</summary>
public static class ModelOpener
{
    /// <summary>In fp32 on the processor: what is measured must not depend on the machine.</summary>
    /// <exception cref="Imaging.MissingToolException">There is no such model, or its engine is not here.</exception>
    public static IModel Open(string nameOrFile)
    {
        string file = ModelFinder.Find(nameOrFile);
        return IsWeights(file) ? OpenNetwork(file, new NetworkModelOptions()) : OnnxModel.Open(file, new OnnxModelOptions { Device = OnnxDevice.Cpu });
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
