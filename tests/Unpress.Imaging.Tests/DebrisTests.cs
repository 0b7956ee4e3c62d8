using System.Diagnostics;
using Unpress.Imaging.Processes;

namespace Unpress.Imaging.Tests;

/// <summary>What killed processes have left goes; what belongs to somebody stays.</summary>
public class DebrisTests
{
    [Fact]
    public void Temporary_files_of_processes_that_are_gone_are_deleted_and_no_others()
    {
        using var folder = new TemporaryFolder();
        string own = Path.GetFileName(Debris.NewFile("."))[..^4]; // .unpress-machine-process-start-number
        string[] parts = own.Split('-');
        string gone = $"{string.Join('-', parts[0], parts[1], DeadProcess(), parts[3], parts[4])}.tmp";
        string reused = $"{string.Join('-', parts[0], parts[1], parts[2], "1", parts[4])}.tmp";
        string elsewhere = $"{string.Join('-', parts[0], "0badcafe", DeadProcess(), parts[3], parts[4])}.tmp";
        string[] others = [own + ".tmp", elsewhere, ".unpress-journal.jsonl", ".unpress-.tmp", "photo.tmp"];
        foreach (string name in (string[])[gone, reused, .. others])
            File.WriteAllText(folder.File(name), "");
        AtomicFile.Write(folder.File("result"), temporary => File.WriteAllText(temporary, ""));
        Assert.Equal([.. others.Append("result").Order()], folder.Names);
    }

    [Fact]
    public void Scratch_folders_tell_who_made_them()
    {
        using var folder = new ScratchFolder();
        Assert.False(Debris.IsAbandoned(Path.GetFileName(folder.Path)["unpress-".Length..]));
        string[] parts = Path.GetFileName(folder.Path).Split('-');
        Assert.True(Debris.IsAbandoned(string.Join('-', parts[1], DeadProcess(), parts[3], parts[4])));
        Assert.False(Debris.IsAbandoned("test-x"));
    }

    private static string DeadProcess()
    {
        using var process = Process.Start("true");
        process.WaitForExit();
        return $"{process.Id}";
    }
}
