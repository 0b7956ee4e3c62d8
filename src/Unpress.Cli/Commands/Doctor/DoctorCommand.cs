using System.CommandLine;
using System.Text.Json;
using Unpress.Diagnostics;

namespace Unpress.Cli.Commands.Doctor;

/// <summary><c>unpress doctor</c>: what this machine has for our work, and what it lacks.</summary>
public static class DoctorCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON." };
        var command = new Command("doctor", "Show which native libraries, processor features and devices are used, and what is missing.") { json };
        command.SetAction(parsed =>
        {
            HealthReport report = HealthCheck.Run();
            if (parsed.GetValue(json))
                parsed.InvocationConfiguration.Output.WriteLine(JsonSerializer.Serialize(report, Json));
            else
                HealthReportView.Print(report, ResultConsole.For(parsed));
            return report.IsHealthy ? ExitCodes.Ok : ExitCodes.Environment;
        });
        return command;
    }
}
