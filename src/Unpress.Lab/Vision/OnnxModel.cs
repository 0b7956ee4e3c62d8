using System.Runtime.InteropServices;
using Unpress.Imaging;

namespace Unpress.Vision;

/// <summary>A network of others, an ONNX file run by OpenCV's DNN module on the processor. Safe to use from several threads, one pass at a time.</summary>
public sealed unsafe class OnnxModel : IDisposable
{
    private const int MostDimensions = 16;

    private readonly Lock _oneAtATime = new();
    private readonly ModelHandle _handle;

    private OnnxModel(ModelHandle handle, string path)
    {
        (_handle, Path) = (handle, path);
        int count;
        NativeDnn.Check(NativeDnn.dnn_output_count(handle.Model, &count), path);
        Outputs = [.. Enumerable.Range(0, count).Select(NameOf)];
    }

    /// <summary>Of its file.</summary>
    public string Path { get; }

    /// <summary>Names of the outputs.</summary>
    public IReadOnlyList<string> Outputs { get; }

    /// <summary>OpenCV's version; null where the library for it was not built.</summary>
    public static string? RuntimeVersion
    {
        get
        {
            try
            {
                return NativeDnn.Version();
            }
            catch (DllNotFoundException)
            {
                return null;
            }
        }
    }

    /// <exception cref="InvalidFileException">There is no such file, or OpenCV does not understand it.</exception>
    /// <exception cref="MissingToolException">There is no OpenCV.</exception>
    public static OnnxModel Open(string path)
    {
        if (RuntimeVersion is null)
        {
            throw new MissingToolException(
                "OpenCV for detectors and segmenters",
                "./unpress lab downstream RECIPE installs it; by hand: apt-get install libopencv-dnn-dev, then ninja -C .build/native");
        }

        if (!File.Exists(path))
            throw new InvalidFileException(path, "no such file");
        void* model;
        NativeDnn.Check(NativeDnn.dnn_open(path, &model), path);
        return new OnnxModel(new ModelHandle(model), path);
    }

    /// <summary>One pass.</summary>
    /// <param name="input">1 × channels × height × width.</param>
    /// <exception cref="InvalidFileException">The model does not take an input of this size, or an operation failed.</exception>
    public IReadOnlyList<ModelOutput> Run(ReadOnlySpan<float> input, int channels, int height, int width)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(input.Length, channels * height * width);
        lock (_oneAtATime)
        {
            fixed (float* values = input)
            {
                NativeDnn.Check(
                    NativeDnn.dnn_run(_handle.Model, values, channels, height, width), Path,
                    $"OpenCV cannot run it on {width}x{height} pixels; if it was made for others, set 'size' of its 'input'");
            }

            return [.. Outputs.Select((name, index) => Output(index, name))];
        }
    }

    public void Dispose() => _handle.Dispose();

    private string NameOf(int index)
    {
        byte* name;
        NativeDnn.Check(NativeDnn.dnn_output_name(_handle.Model, index, &name), Path);
        return Marshal.PtrToStringUTF8((nint)name) ?? "";
    }

    private ModelOutput Output(int index, string name)
    {
        int rank;
        int* sizes = stackalloc int[MostDimensions];
        float* values;
        long count;
        NativeDnn.Check(NativeDnn.dnn_output(_handle.Model, index, &rank, sizes, &values, &count), Path);
        return new ModelOutput(name, new ReadOnlySpan<int>(sizes, rank).ToArray(), new ReadOnlySpan<float>(values, checked((int)count)).ToArray());
    }
}
