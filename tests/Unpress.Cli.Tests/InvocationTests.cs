using System.CommandLine;
using System.Diagnostics;
using Unpress.Imaging;
using Unpress.Recipes;

namespace Unpress.Cli.Tests;

public class InvocationTests
{
    public static TheoryData<Exception, int> Problems => new()
    {
        { new InvalidFileException("photo.jpg", "it ends in the middle"), 1 },
        { new UnauthorizedAccessException("photo.jpg: no permission"), 1 },
        { new ArgumentException("no codec is called 'x'"), 2 },
        { new MissingToolException("ffmpeg", "apt-get install ffmpeg"), 3 },
        { new TypeInitializationException("Native", new DllNotFoundException("libunpress_torch.so")), 3 },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    public void A_problem_is_one_line_and_an_exit_code(Exception problem, int code)
    {
        CommandLineResult result = CommandLine.Run(RootThatThrows(problem), "go");

        Assert.Equal((code, ""), (result.ExitCode, result.Output));
        Assert.Equal($"unpress: {problem.GetBaseException().Message}{Environment.NewLine}", result.Error);
    }

    [Fact]
    public void Each_fault_of_a_recipe_is_a_line_of_its_own()
    {
        CommandLineResult result = CommandLine.Run(RootThatThrows(new RecipeException(["a.yaml:1: steps is 0", "a.yaml:3: batch is 0"])), "go");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Equal(["unpress: a.yaml:1: steps is 0", "unpress: a.yaml:3: batch is 0", ""], result.Error.Split(Environment.NewLine));
    }

    /// <summary>Loading libtorch takes longer than all the rest of a start.</summary>
    [Fact]
    public void Help_needs_no_native_library()
    {
        string folder = Directory.CreateTempSubdirectory("unpress-native-").FullName;
        try
        {
            foreach (string library in new[] { "torch", "image" })
                File.WriteAllText(Path.Combine(folder, $"libunpress_{library}.so"), "no library");
            var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Unpress.Cli.dll"), "--help"]) { RedirectStandardOutput = true };
            start.Environment["UNPRESS_NATIVE_DIR"] = folder;
            using var process = Process.Start(start)!;
            Assert.Contains("enhance", process.StandardOutput.ReadToEnd(), StringComparison.Ordinal);
            process.WaitForExit();
            Assert.Equal(ExitCodes.Ok, process.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_line_is_of_the_problem_that_names_the_file_not_of_its_cause()
    {
        var problem = new AggregateException(new InvalidFileException("photo.jpg", "is cut off", new FormatException("unexpected end")));
        CommandLineResult result = CommandLine.Run(RootThatThrows(problem), "go");
        Assert.Equal(new CommandLineResult(1, "", $"unpress: photo.jpg: is cut off{Environment.NewLine}"), result);
    }

    [Fact]
    public void Cancelling_says_nothing_and_exits_130()
    {
        CommandLineResult result = CommandLine.Run(RootThatThrows(new OperationCanceledException()), "go");
        Assert.Equal(new CommandLineResult(130, "", ""), result);
    }

    [Fact]
    public void A_defect_is_not_swallowed() =>
        Assert.Throws<InvalidOperationException>(() => CommandLine.Run(RootThatThrows(new InvalidOperationException("ours")), "go"));

    [Fact]
    public void What_cannot_be_understood_exits_2_and_names_the_help()
    {
        CommandLineResult result = CommandLine.Run("doctor", "--nonsense");

        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("--nonsense", result.Error, StringComparison.Ordinal);
        Assert.Contains("unpress doctor --help", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_calls_the_program_as_users_do() =>
        Assert.Contains("unpress [command] [options]", CommandLine.Run("--help").Output, StringComparison.Ordinal);

    private static Command RootThatThrows(Exception problem)
    {
        var go = new Command("go");
        go.SetAction(int (ParseResult _) => throw problem);
        return new Command("unpress") { go };
    }
}
