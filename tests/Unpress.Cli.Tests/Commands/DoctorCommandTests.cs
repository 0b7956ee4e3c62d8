using System.Text.Json;

namespace Unpress.Cli.Tests.Commands;

public class DoctorCommandTests
{
    [Fact]
    public void A_machine_that_can_run_the_tests_is_healthy()
    {
        CommandLineResult result = CommandLine.Run("doctor");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("Nothing is missing.", result.Output, StringComparison.Ordinal);
        Assert.Contains("SHA-256 as listed", result.Output, StringComparison.Ordinal);
        Assert.Contains("libtorch_cpu", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', result.Output); // what is not a terminal gets no colour codes
    }

    [Fact]
    public void An_engine_that_cannot_be_loaded_is_a_finding()
    {
        string folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "libunpress_torch.so"), "no library");
            CommandLineResult doctor = ChildCommandLine.RunWith($"UNPRESS_NATIVE_DIR={folder}", "doctor", "--json");
            JsonElement report = JsonDocument.Parse(doctor.Output).RootElement;

            Assert.Equal(3, doctor.ExitCode);
            Assert.Equal(JsonValueKind.Null, report.GetProperty("torch").ValueKind);
            Assert.Contains(report.GetProperty("missing").EnumerateArray(), line => line.GetString()!.StartsWith("libtorch: ", StringComparison.Ordinal));
            Assert.Contains("tiff", report.GetProperty("reads").EnumerateArray().Select(format => format.GetString()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_same_findings_come_as_JSON()
    {
        JsonElement report = JsonDocument.Parse(CommandLine.Run("doctor", "--json").Output).RootElement;

        Assert.NotEqual("", report.GetProperty("torch").GetString());
        Assert.Equal(Environment.ProcessorCount, report.GetProperty("cpu").GetProperty("threads").GetInt32());
        Assert.True(report.GetProperty("model").GetProperty("checked").GetBoolean());
        Assert.Equal(0, report.GetProperty("missing").GetArrayLength());
        Assert.All(report.GetProperty("libraries").EnumerateArray(), library => Assert.True(File.Exists(library.GetProperty("path").GetString())));
    }
}
