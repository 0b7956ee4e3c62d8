using System.CommandLine;
using System.CommandLine.Parsing;

namespace Unpress.Cli;

/// <summary>Words of a command line that mean something else than what they would be taken for.</summary>
public static class Mistyped
{
    /// <summary>"help enhance" for "enhance --help", and pictures without a command for "enhance".</summary>
    public static string[] Understood(string[] arguments, Command root) => arguments switch
    {
        [] or ["help"] => ["--help"],
        ["help", .. var command] => [.. command, "--help"],
        [var first, ..] when !IsWord(first, root) && (File.Exists(first) || Directory.Exists(first)) => ["enhance", .. arguments],
        _ => arguments,
    };

    /// <summary>
    /// One line for an option or a command that does not exist; null where there is none. A file of that name is a file, and so is all
    /// after --.
    /// </summary>
    public static string? Fault(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        if (parsed.Tokens.Any(token => token.Value.Length == 0))
            return $"{command.Name} was given an empty word: '' names nothing";
        var plain = parsed.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).ToHashSet();
        foreach (var token in parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Where(token => !plain.Contains(token)))
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

    private static string Meant(string word, IEnumerable<string> known) => ByName.Meant(word.Split('=', 2)[0], known);
}
