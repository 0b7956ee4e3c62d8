using System.Diagnostics;
using Unpress.Networks;
using Unpress.Onnx;

namespace Unpress.Tests.Networks.Export;

/// <summary>What others say of our files: the checker of the ONNX project, shapes and types included.</summary>
public sealed class OnnxCheckerTests
{
    [PythonOnnxFact]
    public void The_checker_of_onnx_finds_nothing_in_any_network()
    {
        var folder = Directory.CreateTempSubdirectory("unpress-test-");
        try
        {
            foreach (var entry in NetworkCatalog.All)
            {
                using var network = SmallNetworks.Make(entry.Name);
                OnnxFile.Write(Path.Combine(folder.FullName, $"{entry.Name}.onnx"),
                    ExportSample.Create(network, entry.Name, "{}", half: true));
            }

            const string exits = """{ "width": 3, "depth": 3 }""";
            using var early = SmallNetworks.Make("rbqe", System.Text.Json.Nodes.JsonNode.Parse(exits)!.AsObject());
            OnnxFile.Write(Path.Combine(folder.FullName, "early-exit.onnx"), ExportSample.Create(early, "rbqe", exits));

            string[] files = Directory.GetFiles(folder.FullName);
            var (code, text) = Python([RepoPaths.Combine("eng", "check-onnx"), .. files]);
            Assert.True(code == 0, text);
            Assert.Equal(files.Length, text.Split('\n').Count(line => line.EndsWith(": ok", StringComparison.Ordinal)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    internal static (int Code, string Text) Python(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var python = Process.Start(start)!;
        var error = python.StandardError.ReadToEndAsync();
        string output = python.StandardOutput.ReadToEnd();
        python.WaitForExit();
        return (python.ExitCode, output + error.Result);
    }
}

/// <summary>A test that is skipped, with the reason, where Debian's python3-onnx is absent.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonOnnxFactAttribute : FactAttribute
{
    private static readonly Lazy<bool> IsThere = new(() => File.Exists("/usr/bin/python3")
        && OnnxCheckerTests.Python("-c", "import onnx").Code == 0);

    public PythonOnnxFactAttribute()
    {
        if (!IsThere.Value)
            Skip = "needs the ONNX checker: apt-get install python3-onnx";
    }
}
