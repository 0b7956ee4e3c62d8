using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Unpress.Diagnostics;
using Unpress.Imaging;

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
        return command.WithExamples(
            "unpress doctor");
    }
}

/// <summary>A <see cref="HealthReport"/> for people.</summary>
internal static class HealthReportView
{
    public static void Print(HealthReport report, IAnsiConsole console)
    {
        Grid facts = Columns("", "");
        facts.AddRow("Unpress", $"{report.Version} on {Markup.Escape(report.Runtime)}, {Markup.Escape(report.System)}");
        facts.AddRow("Processor", $"{Markup.Escape(report.Cpu.Model)}, {report.Cpu.Threads} threads");
        facts.AddRow("", string.Join("  ", Feature("AVX2", report.Cpu.Avx2), Feature("AVX-512", report.Cpu.Avx512),
            Feature("BF16", report.Cpu.Bf16), Feature("AMX", report.Cpu.Amx)));
        facts.AddRow("Memory", string.Create(CultureInfo.InvariantCulture, $"{report.MemoryBytes / 1e9:F1} GB"));
        facts.AddRow("ONNX Runtime", report.OnnxRuntime is null ? "[red]missing[/]" : $"{report.OnnxRuntime}, built for {string.Join(" ", report.Providers)}");
        facts.AddRow("libtorch", report.Torch is null
            ? "not in use; training, networks that are no ONNX file and learned metrics set it up when they need it"
            : $"{report.Torch}, starts with {Count(report.TorchThreads, "thread")}, {(report.CudaDevices == 0 ? "no CUDA device" : Count(report.CudaDevices, "CUDA device"))}");
        facts.AddRow("libvips", report.Vips is null ? "[red]missing[/]" : Markup.Escape($"{report.Vips} with {string.Join(", ", report.VipsParts)}"));
        facts.AddRow("", $"reads {string.Join(" ", report.Reads)}; writes {string.Join(" ", report.Writes)}");
        foreach (PictureProgramState program in report.Programs)
            facts.AddRow(program.Format, Programs(program));
        foreach (CodecState codec in report.Codecs)
            facts.AddRow($"Codec {codec.Name}", codec.Encoder is null ? $"[yellow]{Markup.Escape(codec.Problem!)}[/]" : Markup.Escape(codec.Encoder));
        facts.AddRow("Model", Model(report.Model));
        console.Write(facts);
        console.WriteLine();

        Grid libraries = Columns("Library", "Version", "Loaded from");
        foreach (LoadedLibrary library in report.Libraries)
            libraries.AddRow(library.Name, library.Version ?? "", Markup.Escape(library.Path));
        console.Write(libraries);
        console.WriteLine();

        foreach (string problem in report.Missing)
            console.MarkupLine($"[red]missing[/]  {Markup.Escape(problem)}");
        console.MarkupLine(report.IsHealthy
            ? "[green]Nothing is missing.[/]"
            : "Start [bold]./unpress[/] again to install what is missing; its log is .build/log.");
    }

    private static Grid Columns(params string[] headings)
    {
        var grid = new Grid();
        foreach (string heading in headings)
            grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 3, 0), NoWrap = heading is not ("" or "Loaded from") });
        if (headings[0].Length > 0)
            grid.AddRow([.. headings.Select(heading => $"[grey]{heading}[/]")]);
        return grid;
    }

    private static string Programs(PictureProgramState program)
    {
        string here = string.Join(", ", new[] { program.Reader, program.Writer }.OfType<string>());
        return program is { Reader: not null, Writer: not null }
            ? Markup.Escape(here)
            : $"[yellow]{Markup.Escape($"{(here.Length == 0 ? "no program reads or writes it" : $"{here} only")}; {program.Remedy}")}[/]";
    }

    private static string Model(ModelState model) => model.Path is null ? "[red]missing[/]" : string.Create(
        CultureInfo.InvariantCulture,
        $"{Markup.Escape(model.Path)}, {model.Bytes / 1e6:F1} MB, {(model.Checked ? "SHA-256 as listed" : model.Problem is null ? "in no list of SHA-256" : "[red]SHA-256 wrong[/]")}");

    private static string Feature(string name, bool present) => present ? $"[green]{name} yes[/]" : $"[grey]{name} no[/]";

    private static string Count(int number, string thing) => number == 1 ? $"1 {thing}" : $"{number} {thing}s";
}
