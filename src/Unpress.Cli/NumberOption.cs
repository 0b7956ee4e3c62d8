using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Unpress.Cli;

/// <summary>Options that take a number of a range. Anything else is a usage error of one line.</summary>
internal static class NumberOption
{
    /// <param name="usual">Where the option is not given.</param>
    /// <param name="most">Null for no upper end.</param>
    public static Option<T> Of<T>(string name, string description, T usual, T least, T? most = null)
        where T : struct, INumber<T>
        => new(name) { Description = description, DefaultValueFactory = _ => usual, CustomParser = result => Read(result, name, least, most) ?? usual };

    /// <summary>Null where the option is not given.</summary>
    public static Option<T?> Maybe<T>(string name, string description, T least, T? most = null)
        where T : struct, INumber<T>
        => new(name) { Description = description, CustomParser = result => Read(result, name, least, most) };

    public static Option<int> Threads(string description) => Of("--threads", description, Environment.ProcessorCount, 1);

    private static T? Read<T>(ArgumentResult result, string name, T least, T? most)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        var style = T.IsInteger(T.One / (T.One + T.One)) ? NumberStyles.AllowLeadingSign : NumberStyles.Float;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out var value) && value >= least && (most is not { } end || value <= end)
            && T.IsFinite(value))
            return value;
        string kind = style == NumberStyles.Float ? "a number" : "a whole number";
        string range = most is { } last ? $"from {Text(least)} to {Text(last)}" : $"of {Text(least)} or more";
        result.AddError($"{name} takes {kind} {range}, not '{text}'");
        return null;
    }

    private static string Text<T>(T value)
        where T : INumber<T>
        => value.ToString(null, CultureInfo.InvariantCulture);
}
