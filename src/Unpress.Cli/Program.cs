using System.CommandLine;
using Unpress.Cli.Commands.Bd;
using Unpress.Cli.Commands.Bench;
using Unpress.Cli.Commands.Compress;
using Unpress.Cli.Commands.Cycle;
using Unpress.Cli.Commands.Data;
using Unpress.Cli.Commands.Doctor;
using Unpress.Cli.Commands.Enhance;
using Unpress.Cli.Commands.Estimate;
using Unpress.Cli.Commands.Evaluate;
using Unpress.Cli.Commands.Export;
using Unpress.Cli.Commands.Fid;
using Unpress.Cli.Commands.Fit;
using Unpress.Cli.Commands.Import;
using Unpress.Cli.Commands.Info;
using Unpress.Cli.Commands.Inspect;
using Unpress.Cli.Commands.Lab;
using Unpress.Cli.Commands.Measure;
using Unpress.Cli.Commands.Merge;
using Unpress.Cli.Commands.Models;
using Unpress.Cli.Commands.Studio;
using Unpress.Cli.Commands.Train;
using Unpress.Imaging.Workers;

[assembly: HostsWorkers]

namespace Unpress.Cli;

/// <summary>The command line. The program is its list of commands; each lives in its own folder under Commands/.</summary>
public static class Program
{
    public static int Main(string[] arguments)
    {
        if (arguments is [WorkerHost.Verb])
            return WorkerHost.Run();
        ConsoleWriter.Use();
        using var interruption = new Interruption();
        var root = CreateRoot();
        return interruption.End(Invocation.Run(root.Parse(Mistyped.Understood(arguments, root)), cancellation: interruption.Token));
    }

    // Not a RootCommand: that one names itself after the file it runs from, and users start ./unpress.
    public static Command CreateRoot() => new("unpress", "Unpress removes the damage of lossy compression from pictures.")
    {
        EnhanceCommand.Create(),
        MergeCommand.Create(),
        InspectCommand.Create(),
        CompressCommand.Create(),
        MeasureCommand.Create(),
        StudioCommand.Create(),
        EvaluateCommand.Create(),
        EstimateCommand.Create(),
        CycleCommand.Create(),
        FitCommand.Create(),
        LabCommand.Create(),
        FidCommand.Create(),
        BdCommand.Create(),
        DataCommand.Create(),
        TrainCommand.Create(),
        ModelsCommand.Create(),
        InfoCommand.Create(),
        ImportCommand.Create(),
        ExportCommand.Create(),
        BenchCommand.Create(),
        DoctorCommand.Create(),
        Examples.Help(),
        new VersionOption(),
    };
}
