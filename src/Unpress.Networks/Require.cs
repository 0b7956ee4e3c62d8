using System.Numerics;
using System.Runtime.CompilerServices;

namespace Unpress.Networks;

/// <summary>
/// What options of networks must be. The upper limits are far beyond any network in use: they keep a slip of the keyboard, or a weight file
/// made to harm, from taking all memory before anything else can be found wrong.
/// </summary>
internal static class Require
{
    private const int MostChannels = 65_536;
    private const int MostLayers = 1_000;

    /// <summary>Channels of pictures: 1 or 3.</summary>
    /// <exception cref="ArgumentException">They are not; so with all others here.</exception>
    public static void Channels(int channels)
    {
        if (channels is not (1 or 3))
            throw new ArgumentException($"channels is {channels}, must be 1 or 3");
    }

    /// <summary>Channels inside a network.</summary>
    public static void Width(int width, int least = 1, [CallerArgumentExpression(nameof(width))] string name = "")
        => Within(width, least, MostChannels, name);

    /// <summary>Channels inside a network, in a list of so many.</summary>
    public static void Widths(int[] widths, int count, [CallerArgumentExpression(nameof(widths))] string name = "")
        => Each(widths, count, 1, MostChannels, name);

    /// <summary>Layers, blocks, stages.</summary>
    public static void Layers(int layers, int least = 1, [CallerArgumentExpression(nameof(layers))] string name = "")
        => Within(layers, least, MostLayers, name);

    /// <summary>Layers, blocks, stages, in a list of so many.</summary>
    public static void LayerCounts(int[] layers, int count, int least = 1, [CallerArgumentExpression(nameof(layers))] string name = "")
        => Each(layers, count, least, MostLayers, name);

    /// <summary>A number in a range, its ends included; NaN is in none.</summary>
    public static void Within<T>(T value, T least, T most, [CallerArgumentExpression(nameof(value))] string name = "")
        where T : INumber<T>
    {
        if (!(value >= least && value <= most))
            throw new ArgumentException(FormattableString.Invariant($"{Spelled(name)} is {value}, must be {least} to {most}"));
    }

    private static void Each(int[] values, int count, int least, int most, string name)
    {
        if (values.Length != count || values.Any(value => value < least || value > most))
            throw new ArgumentException($"{Spelled(name)} is [{string.Join(",", values)}], must be {count} numbers, each {least} to {most}");
    }

    /// <summary>As people write options: "uNetGrowth".</summary>
    private static string Spelled(string property) => char.ToLowerInvariant(property[0]) + property[1..];
}
