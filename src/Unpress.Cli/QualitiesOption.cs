using System.CommandLine;
using System.Globalization;

namespace Unpress.Cli;

/// <summary><c>--quality 10,20</c>: qualities in a codec's own scale.</summary>
internal static class QualitiesOption
{
    /// <param name="usual">What help says is taken when the option is not given; <see cref="Or"/> takes it.</param>
    public static Option<int[]> Create(IReadOnlyList<int> usual) => new("--quality", "-q")
    {
        // Not a DefaultValueFactory: help would print the name of the array's class.
        Description = $"Qualities in the codec's own scale, separated by commas [default: {string.Join(',', usual)}]",
        HelpName = "LIST",
        CustomParser = result =>
        {
            var qualities = new List<int>();
            foreach (string text in result.Tokens.Single().Value.Split(','))
            {
                if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int value))
                    qualities.Add(value);
                else
                    result.AddError($"'{text}' is not a quality: give whole numbers separated by commas");
            }
            return [.. qualities.Distinct()];
        },
    };

    /// <summary>What was given, or else <paramref name="usual"/>.</summary>
    public static IReadOnlyList<int> Or(this ParseResult parsed, Option<int[]> option, IReadOnlyList<int> usual)
        // The parser's own value for an array that was not given is the empty one.
        => parsed.GetValue(option) is { Length: > 0 } given ? given : usual;
}
