namespace Unpress.Onnx;

/// <summary>Names of a model's inputs and outputs. docs/onnx.md tells shapes and units.</summary>
public static class ValueNames
{
    /// <summary>Input, float [N, C, H, W]: the damaged picture.</summary>
    public const string Image = "image";

    /// <summary>Output, float [N, C, H, W]: the restored picture.</summary>
    public const string Restored = "restored";

    /// <summary>Float [N, 1]: the quality factor, 1..100.</summary>
    public const string Quality = "quality";

    /// <summary>Float [N, Cz, H, W]: random numbers of a standard normal distribution, times the wanted amount; zeros for none.</summary>
    public const string Noise = "noise";

    /// <summary>Int64 [1]: at which of its exits a network stops, from 0.</summary>
    public const string Exit = "exit";

    /// <summary>
    /// Input, float [N, 1, Hc, Wc]: the quantised DCT coefficients of component 0, 1, 2 in the place of the pixels that they describe, in
    /// whole MCUs.
    /// </summary>
    public static string Coefficients(int component) => $"coefficients_{component}";

    /// <summary>Input, float [N, 1, 8, 8]: the quantisation table of component 0, 1, 2.</summary>
    public static string Table(int component) => $"table_{component}";
}
