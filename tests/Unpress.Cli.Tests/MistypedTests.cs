using System.CommandLine;

namespace Unpress.Cli.Tests;

/// <summary>Every option with values that it cannot take, every command with its name mistyped: one line each, and nothing starts.</summary>
public sealed class MistypedTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-mistyped-");

    public static TheoryData<string, string> TypedOptions
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var command in Leaves(Program.CreateRoot()))
                foreach (var option in command.Command.Options.Where(IsNumber))
                    data.Add(command.Path, option.Name);
            return data;
        }
    }

    public static TheoryData<string> Commands => [.. Leaves(Program.CreateRoot()).Select(command => command.Path)];

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(TypedOptions))]
    public void A_number_that_is_none_is_one_line(string path, string option)
    {
        foreach (string value in (string[])["abc", "12x", "-99999999", "NaN", "99999999999999999999"])
        {
            // Two pictures, without which some commands complain of that first.
            string[] pictures = path is "measure" or "fid" or "enhance" ? ["a", "b"] : [];
            var result = CommandLine.Run([.. path.Split(' '), .. pictures, option, value]);
            Assert.Equal(ExitCodes.Usage, result.ExitCode);
            Assert.Equal("", result.Output);
            Assert.All(Lines(result.Error), line => Assert.StartsWith("unpress: ", line, StringComparison.Ordinal));
            Assert.Contains(option, result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void An_option_with_two_letters_swapped_is_named_and_nothing_starts(string path)
    {
        var command = Leaves(Program.CreateRoot()).Single(one => one.Path == path).Command;
        foreach (var option in command.Options.Where(option => option.Name.Length > 6))
        {
            string wrong = option.Name[..4] + option.Name[5] + option.Name[4] + option.Name[6..];
            if (command.Options.Any(other => other.Name == wrong) || wrong == option.Name)
                continue;
            var result = CommandLine.Run([.. path.Split(' '), Path.Combine(_folder.FullName, "none.jpg"), wrong, "1"]);
            Assert.Equal((ExitCodes.Usage, ""), (result.ExitCode, result.Output));
            Assert.Contains($"has no option {wrong}; did you mean {option.Name}?", result.Error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_without_its_last_letter_but_one_is_named(string path)
    {
        string name = path.Split(' ')[0];
        if (name.Length < 4)
            return;
        var result = CommandLine.Run(name[..^2] + name[^1]);
        Assert.Equal((ExitCodes.Usage, ""), (result.ExitCode, result.Output));
        Assert.Contains($"; did you mean {name}?", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_called_like_an_option_goes_after_two_dashes()
    {
        var result = CommandLine.Run("enhance", "-o", _folder.FullName, "--", "--strenght");
        Assert.Equal(ExitCodes.SomeInputsFailed, result.ExitCode);
        Assert.Contains("--strenght: no such file", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("help enhance", "enhance --help")]
    [InlineData("help", "--help")]
    [InlineData("", "--help")]
    [InlineData("doctor --json", "doctor --json")]
    public void Help_is_a_word_too(string typed, string meant)
        => Assert.Equal(meant, string.Join(' ', Mistyped.Understood(typed.Split(' ', StringSplitOptions.RemoveEmptyEntries), Program.CreateRoot())));

    [Fact]
    public void A_picture_alone_is_enhanced()
    {
        string photo = Path.Combine(_folder.FullName, "photo.jpg");
        File.WriteAllText(photo, "");
        Assert.Equal(["enhance", photo, "-v"], Mistyped.Understood([photo, "-v"], Program.CreateRoot()));
        Assert.Equal(["doctor"], Mistyped.Understood(["doctor"], Program.CreateRoot()));
    }

    private static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path = "")
        => command.Subcommands.Count == 0
            ? [(path, command)]
            : command.Subcommands.SelectMany(sub => Leaves(sub, path.Length == 0 ? sub.Name : $"{path} {sub.Name}"));

    private static bool IsNumber(Option option)
        => (Nullable.GetUnderlyingType(option.ValueType) ?? option.ValueType) is var type
            && (type == typeof(int) || type == typeof(long) || type == typeof(double) || type == typeof(ulong));

    private static string[] Lines(string text) => text.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
}
