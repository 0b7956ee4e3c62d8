using System.CommandLine;

namespace Unpress.Cli.Commands.Bench;

/// <summary><c>unpress bench</c>: how fast things are on this machine.</summary>
public static class BenchCommand
{
    public static Command Create() => new("bench", "Measure how fast things are on this machine.") { BenchNetworksCommand.Create() };
}
