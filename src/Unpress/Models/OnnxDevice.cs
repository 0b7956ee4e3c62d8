using Microsoft.ML.OnnxRuntime;
using Unpress.Imaging;

namespace Unpress.Models;

/// <summary>Where ONNX Runtime computes, by the words of <c>--device</c>. What is there depends on the native library: the one that comes with the
/// program has the processor, on macOS CoreML as well; <see cref="OnnxRuntimeLibrary.Variable"/> takes another.</summary>
public static class OnnxDevice
{
    public const string Auto = "auto", Cpu = "cpu", Cuda = "cuda", CoreMl = "coreml", DirectMl = "directml";

    /// <summary>All words.</summary>
    public static IReadOnlyList<string> All { get; } = [Auto, Cpu, Cuda, CoreMl, DirectMl];

    /// <summary>
    /// The device that a word means here. For auto a graphics card that works in fp32 as the processor does, where the library was built for one;
    /// CoreML, which may compute in half precision, only when it is asked for.
    /// </summary>
    /// <exception cref="ArgumentException">No such word.</exception>
    /// <exception cref="MissingToolException">The library was not built for it.</exception>
    public static string Resolve(string word)
    {
        if (!All.Contains(word))
            throw new ArgumentException($"device '{word}': one of {string.Join(", ", All)}");
        if (word == Cpu)
            return Cpu;
        var providers = OnnxRuntimeLibrary.Providers;
        if (word == Auto)
            return ((string[])[Cuda, DirectMl]).FirstOrDefault(device => providers.Contains(Provider(device))) ?? Cpu;
        return providers.Contains(Provider(word))
            ? word
            : throw new MissingToolException(
                $"a library of ONNX Runtime for {word}", $"this one has {string.Join(", ", providers)}; {OnnxRuntimeLibrary.Variable}=/path names another");
    }

    /// <summary>Adds the device's provider before the processor's, which every session has.</summary>
    /// <exception cref="MissingToolException">The device does not work.</exception>
    internal static void Append(SessionOptions options, string device)
    {
        try
        {
            switch (device)
            {
                case Cuda:
                    options.AppendExecutionProvider_CUDA();
                    break;
                case DirectMl:
                    options.AppendExecutionProvider_DML();
                    break;
                case CoreMl:
                    options.AppendExecutionProvider_CoreML();
                    break;
                default:
                    break;
            }
        }
        catch (Exception error) when (error is OnnxRuntimeException or EntryPointNotFoundException)
        {
            throw new MissingToolException($"the device {device}", $"{error.Message.ReplaceLineEndings(" ")}; --device cpu");
        }
    }

    private static string Provider(string device) => device switch { Cuda => "CUDA", DirectMl => "Dml", CoreMl => "CoreML", _ => "CPU" };
}
