namespace Unpress.Networks.Export;

/// <summary>What each operator of libtorch is in ONNX: adds nodes, and returns the name of the result.</summary>
internal static partial class Operators
{
    public static IReadOnlyDictionary<string, Func<Translation, string>> All { get; } =
        Layers.Concat(Shapes).Concat(Numbers).ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);
}
