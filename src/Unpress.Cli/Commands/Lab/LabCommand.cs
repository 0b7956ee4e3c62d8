using System.CommandLine;
using Unpress.Lab.Experiments;
using Unpress.Lab.Reports;

namespace Unpress.Cli.Commands.Lab;

/// <summary><c>unpress lab NAME RECIPE</c>: experiments by the protocols of the papers, and <c>lab report</c> to see what they measured.</summary>
public static class LabCommand
{
    public static Command Create()
    {
        var command = new Command("lab", "Measure enhancers by the protocols of the papers, as a recipe says.");
        foreach (var experiment in ExperimentCatalog.All)
            command.Add(ExperimentCommand.Create(experiment));
        command.Add(LabPlanCommand.Create());
        command.Add(LabFeaturesCommand.Create());
        command.Add(LabReportCommand.Create());
        return command;
    }
}

/// <summary><c>unpress lab report RUN</c>: a page, or tables, of what a run measured.</summary>
internal static class LabReportCommand
{
    public static Command Create()
    {
        var run = new Argument<string>("run") { Description = "Folder that 'lab' wrote." };
        var output = new Option<FileInfo?>("--output", "-o")
        {
            Description = "File to write [default: report.html, .md, .tex or .csv in the folder of the run].",
        };
        var format = new Option<string>("--format")
        {
            Description = "html: one page with tables, plots and pictures, and sheets of the pictures beside it; md, latex: the tables; csv: every mean on a line of its own.",
            DefaultValueFactory = _ => "html",
        };
        format.AcceptOnlyFromAmong("html", "md", "latex", "csv");
        var command = new Command("report", "Show the results of a run beside those that the papers print.") { run, output, format };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            string folder = parsed.GetRequiredValue(run);
            var form = Enum.Parse<ReportFormat>(parsed.GetRequiredValue(format), ignoreCase: true);
            string file = parsed.GetValue(output)?.FullName ?? Path.Combine(folder, LabReport.FileName(form));
            var read = LabRun.Read(folder);
            LabReport.Write(read, form, file, cancellation);
            parsed.InvocationConfiguration.Output.WriteLine(Printable.Of(file));
            string sheets = $"{Path.ChangeExtension(file, null)}-sheets";
            if (form == ReportFormat.Html && LabReport.WriteSheets(read, sheets, cancellation).Count > 0)
                parsed.InvocationConfiguration.Output.WriteLine(Printable.Of(sheets));
            return ExitCodes.Ok;
        }));
        return command.WithExamples(
            "unpress lab report runs/lab/cycle -o report.html");
    }
}
