namespace Unpress.Models;

/// <summary>How an ONNX model is run.</summary>
public sealed record OnnxModelOptions
{
    /// <summary>Threads inside one operator.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>One of <see cref="OnnxDevice.All"/>.</summary>
    public string Device { get; init; } = OnnxDevice.Auto;

    /// <summary>
    /// Facts that the file does not tell or that are to hold instead of its own, by the keys of docs/onnx.md without their prefix: range, layout,
    /// colours, receptive-field, size-multiple, ….
    /// </summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>How long loading a model may take, and after that its trial on small pictures.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(2);

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public void Validate()
    {
        if (Threads < 1)
            throw new ArgumentException($"threads {Threads}: 1 or more");
        if (!OnnxDevice.All.Contains(Device))
            throw new ArgumentException($"device '{Device}': one of {string.Join(", ", OnnxDevice.All)}");
    }
}
