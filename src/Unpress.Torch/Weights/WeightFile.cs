using System.Diagnostics.CodeAnalysis;

namespace Unpress.Torch.Weights;

/// <summary>The tensors of one open file by name, in the file's order. Dispose it after the last use of its tensors.</summary>
public sealed class WeightFile : IDisposable
{
    private readonly MappedFile? _file;
    private readonly Dictionary<string, StoredTensor> _byName;

    /// <summary>A hundred times those of the largest network; a file of more is made to take time and memory.</summary>
    internal const int MostTensors = 100_000;

    internal const string TooMany = "holds more than 100,000 tensors";

    /// <exception cref="WeightsFormatException">Two tensors share a name, or there are too many.</exception>
    internal WeightFile(MappedFile file, IReadOnlyList<StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata)
        : this(file.Path, Checked(file, tensors), metadata) => _file = file;

    /// <summary>Tensors in memory, out of a file of a format that is not known here.</summary>
    /// <param name="path">For messages.</param>
    /// <exception cref="ArgumentException">Two tensors share a name.</exception>
    public WeightFile(string path, IReadOnlyList<StoredTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        Path = path;
        _byName = tensors.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        Tensors = tensors;
        Metadata = metadata;
    }

    public string Path { get; }

    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>safetensors: its <c>__metadata__</c>; torch.save: the numbers, strings and flags beside the tensors, as text.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <exception cref="WeightsFormatException">There is no tensor of that name.</exception>
    public StoredTensor this[string name] =>
        TryGet(name, out StoredTensor? tensor) ? tensor : throw new WeightsFormatException(Path, $"holds no tensor '{name}'");

    /// <summary>Opens a safetensors, torch.save, NumPy or MATLAB 5 file; the first bytes tell which.</summary>
    /// <exception cref="WeightsFormatException">The file cannot be read, is damaged, or is of another kind.</exception>
    public static WeightFile Open(string path) => Load(path, file =>
    {
        ReadOnlySpan<byte> head = file.Slice(0, Math.Min(file.Length, 16));
        if (NumpyArchive.RecognisesArchive(file, head)) return NumpyArchive.ReadArchive(file);
        if (NumpyArchive.RecognisesArray(head)) return NumpyArchive.ReadArray(file);
        if (TorchPickle.Recognises(head)) return TorchPickle.Read(file);
        if (SafeTensors.Recognises(head)) return SafeTensors.Read(file);
        if (MatlabFile.Recognises(head)) return MatlabFile.Read(file);
        throw file.Fault("is neither a safetensors file nor one of torch.save, NumPy or MATLAB");
    });

    private static IReadOnlyList<StoredTensor> Checked(MappedFile file, IReadOnlyList<StoredTensor> tensors)
    {
        if (tensors.Count > MostTensors)
            throw file.Fault(TooMany);
        return tensors.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Skip(1).Any()) is { } twice
            ? throw file.Fault($"names '{twice.Key}' twice")
            : tensors;
    }

    public bool TryGet(string name, [MaybeNullWhen(false)] out StoredTensor tensor) => _byName.TryGetValue(name, out tensor);

    public void Dispose() => _file?.Dispose();

    internal static WeightFile Load(string path, Func<MappedFile, WeightFile> read)
    {
        MappedFile file = MappedFile.Open(path);
        try
        {
            return read(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
