using System.CommandLine;

namespace Unpress.Cli.Commands.Data;

/// <summary><c>unpress data</c>: sets of pictures.</summary>
public static class DataCommand
{
    public static Command Create() => new("data", "Lay out and check sets of pictures.") { PrepareCommand.Create() };
}
