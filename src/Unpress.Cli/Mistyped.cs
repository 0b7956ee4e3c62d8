using System.CommandLine;
using System.CommandLine.Parsing;

namespace Unpress.Cli;

/// <summary>Words of a command line that mean something else than what they would be taken for.</summary>
public static class Mistyped
{
    /// <summary>Changes of one letter up to which a word is taken for another one mistyped.</summary>
    private const int Near = 3;

    /// <summary>"help enhance" for "enhance --help", and pictures without a command for "enhance".</summary>
    public static string[] Understood(string[] arguments, Command root) => arguments switch
    {
        [] or ["help"] => ["--help"],
        ["help", .. var command] => [.. command, "--help"],
        [var first, ..] when !IsWord(first, root) && (File.Exists(first) || Directory.Exists(first)) => ["enhance", .. arguments],
        _ => arguments,
    };

    /// <summary>One line for an option or a command that does not exist; null where there is none. A file of that name is a file, and so is all after --.</summary>
    public static string? Fault(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var plain = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet();
        foreach (var token in parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Where(token => !plain.Contains(token)))
        {
            if (token.Value is ['-', _, ..] && !File.Exists(token.Value) && !Directory.Exists(token.Value))
                return $"{command.Name} has no option {token.Value}{Meant(token.Value, Options(command))}; a file of that name goes after --";
        }

        if (parsed.UnmatchedTokens.FirstOrDefault(token => token is ['-', _, ..]) is { } option)
            return $"{command.Name} has no option {option}{Meant(option, Options(command))}";
        if (parsed.UnmatchedTokens is not [var word, ..])
            return null;
        return command.Subcommands.Count > 0
            ? $"there is no command '{word}'{Meant(word, command.Subcommands.Select(one => one.Name))}{(word.Contains('.', StringComparison.Ordinal) ? ", and no file of that name" : "")}"
            : null;
    }

    private static bool IsWord(string word, Command root)
        => word.StartsWith('-') || root.Subcommands.Any(command => command.Name == word || command.Aliases.Contains(word));

    private static IEnumerable<string> Options(Command command)
        => command.Options.Where(option => !option.Hidden).SelectMany(option => option.Aliases.Prepend(option.Name)).Where(name => name.Length > 2);

    private static string Meant(string word, IEnumerable<string> known)
    {
        string plain = word.Split('=', 2)[0].ToLowerInvariant();
        var near = known.Select(name => (Name: name, Changes: Changes(plain, name))).Where(one => one.Changes <= Math.Min(Near, one.Name.Length / 2))
            .OrderBy(one => one.Changes).Select(one => one.Name).FirstOrDefault()
            ?? known.FirstOrDefault(name => plain.Length > 3 && name.StartsWith(plain, StringComparison.Ordinal));
        return near is null ? "" : $"; did you mean {near}?";
    }

    /// <summary>Letters added, left out, changed or swapped with their neighbour (optimal string alignment).</summary>
    private static int Changes(string from, string to)
    {
        var table = new int[from.Length + 1, to.Length + 1];
        for (int i = 0; i <= from.Length; i++)
            for (int j = 0; j <= to.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    table[i, j] = i + j;
                    continue;
                }

                table[i, j] = Math.Min(Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                    table[i, j] = Math.Min(table[i, j], table[i - 2, j - 2] + 1);
            }

        return table[from.Length, to.Length];
    }
}
