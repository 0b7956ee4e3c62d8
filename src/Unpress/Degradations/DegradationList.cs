using Unpress.Recipes;

namespace Unpress.Degradations;

/// <summary>The degradations a recipe can name: one line each.</summary>
public static class DegradationList
{
    private static readonly Dictionary<string, Func<RecipeSection, IDegradation>> Known = new(StringComparer.Ordinal)
    {
        ["jpeg"] = options => new JpegDegradation(options.Read<JpegOptions>()),
    };

    public static IEnumerable<string> Names => Known.Keys;

    /// <exception cref="RecipeException">The type is unknown or its options are wrong.</exception>
    public static IDegradation Create(DegradationSection section) =>
        Known.TryGetValue(section.Type, out var create)
            ? create(section.Options)
            : throw new RecipeException([$"data.degradation.type: expected one of {string.Join(", ", Known.Keys)}, got '{section.Type}'"]);
}
