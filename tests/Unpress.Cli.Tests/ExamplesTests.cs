using System.CommandLine;

namespace Unpress.Cli.Tests;

/// <summary>The examples in the help are command lines that the program understands.</summary>
public sealed class ExamplesTests
{
    public static TheoryData<string> Commands => [.. Leaves(Program.CreateRoot(), "").Select(one => one.Path)];

    [Theory]
    [MemberData(nameof(Commands))]
    public void Each_command_shows_examples_that_are_understood(string path)
    {
        var root = Program.CreateRoot();
        var examples = Examples.Of(Leaves(root, "").Single(one => one.Path == path).Command);
        Assert.NotEmpty(examples);
        Assert.All(examples, example =>
        {
            string line = example.Split(" # ")[0];
            Assert.StartsWith($"unpress {path}", line, StringComparison.Ordinal);
            var parsed = root.Parse(line.Split(' ')[1..]);
            Assert.Empty(parsed.Errors);
            Assert.Null(Mistyped.Fault(parsed));
        });
    }

    [Fact]
    public void The_help_ends_with_them()
    {
        string help = CommandLine.Run("enhance", "--help").Output;
        Assert.Contains("Examples:", help, StringComparison.Ordinal);
        Assert.Contains("  unpress enhance photo.jpg", help, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path)
        => command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.SelectMany(sub => Leaves(sub, path.Length == 0 ? sub.Name : $"{path} {sub.Name}"));
}
