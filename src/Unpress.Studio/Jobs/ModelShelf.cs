using Unpress.Inference;
using Unpress.Models;
using Unpress.Onnx;

namespace Unpress.Studio.Jobs;

/// <summary>A model that the studio can run.</summary>
/// <param name="Title">What it is for, in two words.</param>
/// <param name="FullTo">The quality factor of a JPEG up to which it gets all of the model's correction; null for the usual 90.</param>
/// <param name="HasSeeds">Whether it has several answers for a picture, one a seed.</param>
public sealed record ShelfModel(string Name, string Title, string About, bool HasSeeds, long Bytes, int? FullTo);

/// <summary>The models of the models folders. Each is opened when it is first asked for, and stays open.</summary>
internal sealed class ModelShelf(StudioOptions options) : IDisposable
{
    /// <summary>What the shipped models are for; others are called by their names.</summary>
    private static readonly Dictionary<string, (string Title, string About)> Known = new(StringComparer.Ordinal)
    {
        ["photo"] = ("Photo", "Photographs, also those that were cropped or scaled and saved again."),
        ["vivid"] = ("Photo, vivid", "Sharper, with texture that is made up: to look at, not as evidence."),
        ["lite"] = ("Photo, fast", "Photographs, in less time and not quite as well."),
        ["stable"] = ("Photo, stable", "Pictures that may have been restored before: again and again changes nothing."),
        ["drawings"] = ("Drawing", "Drawings, screens and text."),
        ["hevc"] = ("HEIC, BPG", "Photographs that were compressed as HEIC or BPG."),
    };

    /// <summary>The models with which the pages of measurements were made; the others are better for pictures.</summary>
    private static readonly string[] ForMeasurements = ["plain", "idempotent"];

    private readonly Dictionary<string, ModelEnhancer> _open = new(StringComparer.Ordinal);
    private readonly Lazy<IReadOnlyList<ShelfModel>> _all = new(() => List(options.Model));
    private readonly Lock _gate = new();

    public IReadOnlyList<ShelfModel> All => _all.Value;

    public bool Has(string name) => Find(name) is not null;

    public ShelfModel? Find(string name) => All.FirstOrDefault(model => model.Name == name);

    /// <exception cref="Imaging.MissingToolException">There is no such model, or nothing that runs it.</exception>
    /// <exception cref="OnnxFileException">The file is no model.</exception>
    public ModelEnhancer Get(string name)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(name, out var enhancer))
                return enhancer;
            var model = OnnxModel.Open(ModelFinder.Find(name), new OnnxModelOptions { Threads = options.Threads });
            return _open[name] = new ModelEnhancer(name, model, new ModelEnhancerOptions { Memory = options.Limits.Memory + options.Limits.KeptBytes });
        }
    }

    /// <summary>What a model is for, in two words and in a sentence.</summary>
    public static (string Title, string About) WordsOf(string name) => Known.GetValueOrDefault(name, (name, $"The model {name}."));

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var enhancer in _open.Values)
                enhancer.Dispose();
            _open.Clear();
        }
    }

    /// <summary>The one that is selected at first, then the shipped ones in the order above.</summary>
    private static List<ShelfModel> List(string usual)
    {
        string[] order = [.. Known.Keys];
        return [.. ModelFinder.All()
            .Where(file => file.EndsWith(ModelFinder.Extension, StringComparison.OrdinalIgnoreCase))
            .Where(file => Path.GetFileNameWithoutExtension(file) is var name && (!ForMeasurements.Contains(name) || name == usual))
            .DistinctBy(file => Path.GetFileNameWithoutExtension(file))
            .Select(Describe).OfType<ShelfModel>()
            .OrderBy(model => model.Name != usual)
            .ThenBy(model => Array.IndexOf(order, model.Name) is var place and >= 0 ? place : order.Length)
            .ThenBy(model => model.Name, StringComparer.Ordinal)];
    }

    private static ShelfModel? Describe(string file)
    {
        try
        {
            string name = Path.GetFileNameWithoutExtension(file);
            var (title, about) = WordsOf(name);
            var model = OnnxFile.Read(file);
            return model.RestoresPictures
                ? new ShelfModel(name, title, about, model.Facts?.Uses.HasFlag(ModelInputs.Noise) ?? false, new FileInfo(file).Length, model.Facts?.FullTo)
                : null; // such as the features that 'models fetch' brings
        }
        catch (Exception error) when (error is OnnxFileException or IOException or UnauthorizedAccessException)
        {
            return null; // no model, whatever its name says
        }
    }
}
