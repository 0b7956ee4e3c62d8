using System.CommandLine;

namespace Unpress.Cli.Tests;

/// <summary>What a command line printed and returned.</summary>
internal sealed record CommandLineResult(int ExitCode, string Output, string Error);

/// <summary>Runs the command line inside the test's process.</summary>
internal static class CommandLine
{
    public static CommandLineResult Run(params string[] arguments) => Run(Program.CreateRoot(), arguments);

    public static CommandLineResult Run(Command root, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = Invocation.Run(root.Parse(arguments), new InvocationConfiguration { Output = output, Error = error });
        return new(code, output.ToString(), error.ToString());
    }
}
