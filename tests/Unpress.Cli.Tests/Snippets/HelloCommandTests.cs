using System.CommandLine;

namespace Unpress.Cli.Tests.Snippets;

public class HelloCommandTests
{
    [Fact]
    public void The_example_command_of_CONTRIBUTING_works()
    {
        CommandLineResult result = CommandLine.Run(new Command("unpress") { HelloCommand.Create() }, "hello", "Ada");

        Assert.Equal(new CommandLineResult(0, $"Hello, Ada.{Environment.NewLine}", ""), result);
    }
}
