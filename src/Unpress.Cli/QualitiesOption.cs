using System.CommandLine;
using System.Globalization;

namespace Unpress.Cli;

/// <summary><c>--quality 10,20</c>: qualities in a codec's own scale.</summary>
internal static class QualitiesOption
{
    /// <summary>The option; not given is null.</summary>
    /// <param name="usual">What help says is taken then.</param>
    public static Option<int[]?> Create(string usual) => new("--quality", "-q")
    {
        // Not a DefaultValueFactory: help would print the name of the array's class.
        Description = $"Qualities in the codec's own scale, separated by commas [default: {usual}]",
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
}
