using System.Globalization;
using Unpress.Imaging;
using Unpress.Inference;
using Unpress.Onnx;

namespace Unpress.Models;

/// <summary>
/// Facts of an ONNX file that was made by others, or of ours with some replaced: what its metadata or the user says holds, the rest is read off the
/// graph. What cannot be read off either has the most common answer: 0..1, RGB, and a receptive field that is certainly enough for most and is
/// measured at the seams anyway.
/// </summary>
internal static class ForeignFacts
{
    private const int ReceptiveField = 128;

    /// <param name="given">By the keys of docs/onnx.md without their prefix.</param>
    /// <exception cref="OnnxFileException">It is no model that takes a picture and gives one.</exception>
    /// <exception cref="ArgumentException">A key that does not exist, or a value that makes no sense.</exception>
    public static ModelFacts Of(OnnxFile file, IReadOnlyDictionary<string, string> given)
    {
        if (file.Facts is { } own && given.Count == 0)
            return own;
        var known = file.Facts is null ? [] : new Dictionary<string, string>(FactKeys.Write(file.Facts));
        var all = file.Facts is null ? ReadOff(file) : known;
        foreach (var (key, value) in file.Metadata.Where(entry => entry.Key.StartsWith(FactKeys.Prefix, StringComparison.Ordinal)))
            all[key] = value;
        foreach (var (key, value) in given)
            all[FactKeys.Prefix + key] = value;
        try
        {
            var facts = FactKeys.Read(file.Path, all)!;
            var written = FactKeys.Write(facts);
            return given.Keys.FirstOrDefault(key => !written.ContainsKey(FactKeys.Prefix + key)) is { } stranger
                ? throw new ArgumentException($"a model has no fact '{stranger}'; docs/onnx.md lists them")
                : facts;
        }
        catch (OnnxFileException error) when (given.Count > 0)
        {
            throw new ArgumentException($"what was given as facts does not do: {error.Reason}", error);
        }
    }

    /// <summary>The picture's ports: the model's first input and output.</summary>
    /// <exception cref="OnnxFileException">There are none that are pictures.</exception>
    public static (OnnxPort Input, OnnxPort Output) Ports(OnnxFile file)
    {
        var pictures = file.Inputs.Where(port => port.Sizes is null || port.Sizes.Count == 4).ToList();
        if (pictures.Count == 0 || file.Outputs.Count == 0)
            throw new OnnxFileException(file.Path, "has no input of four dimensions: no model that takes a picture and gives one");
        var input = pictures.FirstOrDefault(port => port.Name == ValueNames.Image) ?? pictures[0];
        var output = file.Outputs.FirstOrDefault(port => port.Name == ValueNames.Restored) ?? file.Outputs[0];
        if (input.Type is not (ElementType.Float or ElementType.Float16) || output.Type != input.Type)
            throw new OnnxFileException(file.Path, $"takes {input.Type} and gives {output.Type}; pictures are Float or Float16, both alike");
        return (input, output);
    }

    private static Dictionary<string, string> ReadOff(OnnxFile file)
    {
        var (input, _) = Ports(file);
        if (file.Inputs.FirstOrDefault(port => port != input) is { } other)
            throw new OnnxFileException(file.Path, $"wants '{other.Name}' besides the picture, and nothing says what that is");
        var sizes = input.Sizes ?? [null, null, null, null];
        bool first = sizes[1] is 1 or 3, last = sizes[3] is 1 or 3;
        if (!first && !last && sizes[1] is not null)
            throw new OnnxFileException(file.Path, $"takes pictures of {sizes[1]} channels; 1 or 3 can be given");
        long channels = first ? sizes[1]!.Value : last ? sizes[3]!.Value : 3;
        return new Dictionary<string, string>
        {
            [FactKeys.Prefix + "format"] = ModelFacts.CurrentFormat.ToString(CultureInfo.InvariantCulture),
            [FactKeys.Prefix + "network"] = Path.GetFileNameWithoutExtension(file.Path),
            [FactKeys.Prefix + "channels"] = channels.ToString(CultureInfo.InvariantCulture),
            [FactKeys.Prefix + "layout"] = !first && last ? "nhwc" : "nchw",
            [FactKeys.Prefix + "receptive-field"] = ReceptiveField.ToString(CultureInfo.InvariantCulture),
        };
    }
}
