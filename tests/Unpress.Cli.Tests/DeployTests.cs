using System.Diagnostics;
using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Unpress.Cli.Tests;

/// <summary>What deploy/ tells schedulers to start is a command line that the program understands.</summary>
public sealed class DeployTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("unpress-test-").FullName;

    public static TheoryData<string> Manifests => [.. Directory.GetFiles(RepoPaths.Combine("deploy", "k8s"), "*.yaml").Select(path => Path.GetFileName(path))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Manifests))]
    public void Containers_start_what_there_is(string name)
    {
        var containers = Documents(name).SelectMany(document => document.AllNodes.OfType<YamlMappingNode>())
            .Where(node => node.Children.ContainsKey("image")).ToList();
        Assert.NotEmpty(containers);
        foreach (var container in containers)
        {
            string[] arguments =
                [.. ((YamlSequenceNode)container["args"]).Select(argument => Text(argument).Replace("--shard=auto", "--shard=1/8", StringComparison.Ordinal))];
            AssertUnderstood(arguments);
            // A variable that is named must be given.
            var given = container.Children.TryGetValue("env", out var list) ? ((YamlSequenceNode)list).Select(entry => Text(entry["name"])).ToList() : [];
            Assert.All(
                arguments.SelectMany(argument => Regex.Matches(argument, @"\$\((\w+)\)")).Select(match => match.Groups[1].Value),
                variable => Assert.Contains(variable, given));
        }
    }

    [Fact]
    public void The_parts_of_the_job_are_as_many_as_its_pods()
    {
        var job = Documents("enhance-job.yaml").Single();
        var spec = job["spec"];
        string shards = Text(((YamlSequenceNode)spec["template"]["spec"]["containers"][0]["env"]).Single(entry => Text(entry["name"]) == "UNPRESS_SHARD_COUNT")["value"]);
        Assert.Equal([shards, shards], [Text(spec["completions"]), Text(spec["parallelism"])]);
    }

    [Theory]
    [InlineData("enhance.sbatch", "enhance in --recursive --output out --shard 3/4 --resume --threads 2 --failures out.failed.txt --model photo", "in", "out", "--model", "photo")]
    [InlineData("merge.sbatch", "merge out --failures out.failed.txt", "out/")]
    [InlineData("lab.sbatch", "lab plan table.yaml --overlay small --run --only 12", "table.yaml", "--overlay", "small")]
    public void Tasks_of_an_array_start_what_there_is(string script, string expected, params string[] arguments)
    {
        string[] said = Started(script, arguments);
        if (script == "merge.sbatch")
            expected = expected.Replace("merge out ", "merge out/ ", StringComparison.Ordinal);
        Assert.Equal(expected, string.Join(' ', said).Replace("--shard auto", "--shard 3/4", StringComparison.Ordinal));
        AssertUnderstood(expected.Split(' '));
    }

    [Fact]
    public void Trainings_are_submitted_after_those_that_they_begin_with()
    {
        Program("sbatch", """echo "$*" >>calls; echo $((100 + $(wc -l <calls)))""");
        Program("unpress", """
            echo "unpress train a.yaml --set 'name=a b' # 1"
            echo "unpress train b.yaml # 3"
            echo "unpress train c.yaml # 4 after 1,3"
            echo "unpress train d.yaml # 5 after 4"
            echo "unpress train e.yaml # 6 after 1"
            """);
        string said = Bash(RepoPaths.Combine("deploy", "slurm", "lab-submit"), "table.yaml", "--overlay", "small");
        Assert.Equal("101: trainings 1,3\n102: trainings 4,6\n103: trainings 5\n", said);
        string[] calls = File.ReadAllLines(Path.Combine(_folder, "calls"));
        Assert.StartsWith("--parsable --array=1,3 /", calls[0], StringComparison.Ordinal);
        Assert.StartsWith("--parsable --array=4,6 --dependency=afterok:101 /", calls[1], StringComparison.Ordinal);
        Assert.StartsWith("--parsable --array=5 --dependency=afterok:102 /", calls[2], StringComparison.Ordinal);
        Assert.EndsWith("lab.sbatch table.yaml --overlay small", calls[2], StringComparison.Ordinal);
    }

    private static void AssertUnderstood(string[] arguments)
    {
        var parsed = Cli.Program.CreateRoot().Parse(arguments);
        Assert.Empty(parsed.Errors);
        Assert.Null(Mistyped.Fault(parsed));
    }

    /// <summary>The arguments that the program gets.</summary>
    private string[] Started(string script, string[] arguments)
    {
        Program("unpress", """printf '%s\n' "$@" """);
        return Bash(RepoPaths.Combine("deploy", "slurm", script), arguments).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private string Bash(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("bash", [script, .. arguments]) { RedirectStandardOutput = true, WorkingDirectory = _folder };
        start.Environment["PATH"] = _folder + ":" + Environment.GetEnvironmentVariable("PATH");
        start.Environment["UNPRESS"] = Path.Combine(_folder, "unpress");
        start.Environment["SLURM_CPUS_PER_TASK"] = "2";
        start.Environment["SLURM_ARRAY_TASK_ID"] = "12";
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private void Program(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, "#!/bin/bash\n" + text + "\n");
        using var chmod = Process.Start("chmod", ["+x", path]);
        chmod.WaitForExit();
    }

    private static List<YamlMappingNode> Documents(string name)
    {
        var stream = new YamlStream();
        using var text = File.OpenText(RepoPaths.Combine("deploy", "k8s", name));
        stream.Load(text);
        return [.. stream.Documents.Select(document => (YamlMappingNode)document.RootNode)];
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value!;
}
