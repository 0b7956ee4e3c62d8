using System.CommandLine;
using Unpress.Lab.Experiments;

namespace Unpress.Cli.Commands.Lab;

/// <summary><c>unpress lab NAME RECIPE</c>: experiments by the protocols of the papers, and <c>lab report</c> to see what they measured.</summary>
public static class LabCommand
{
    public static Command Create()
    {
        var command = new Command("lab", "Measure enhancers by the protocols of the papers; a recipe says which, on what, and how.");
        foreach (var experiment in ExperimentCatalog.All)
            command.Add(ExperimentCommand.Create(experiment));
        command.Add(LabReportCommand.Create());
        return command;
    }
}
