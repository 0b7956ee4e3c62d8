using System.Diagnostics;
using Unpress.Imaging.Processes;
using Unpress.Imaging.Tests.Codecs;

namespace Unpress.Imaging.Tests.Processes;

public class ChildProcessTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [ToolFact("cat")]
    public void Bytes_larger_than_any_pipe_go_in_and_come_out()
    {
        byte[] input = new byte[3_000_000];
        new Random(1).NextBytes(input);
        Assert.Equal(input, ChildProcess.Run(ProgramFinder.Find("cat")!, [], input, Patience, CancellationToken.None));
    }

    [ToolFact("sh")]
    public void A_failure_is_told_with_the_last_line_of_standard_error()
    {
        string[] script = ["-c", "echo first >&2; echo 'the reason' >&2; exit 7"];
        var error = Assert.Throws<ProcessFailedException>(() => Run(script, Patience, CancellationToken.None));
        Assert.Equal("sh ended with code 7: the reason", error.Message);
    }

    [ToolFact("sh")]
    public void A_child_that_does_not_read_its_input_is_no_error() =>
        Assert.Empty(ChildProcess.Run(ProgramFinder.Find("sh")!, ["-c", "exit 0"], new byte[1_000_000], Patience, CancellationToken.None));

    [ToolFact("sleep")]
    public void A_child_that_takes_too_long_is_stopped()
    {
        var clock = Stopwatch.StartNew();
        var error = Assert.Throws<ProcessFailedException>(() => Run(["-c", "sleep 60"], TimeSpan.FromMilliseconds(300), CancellationToken.None));
        Assert.Contains("stopped after", error.Message, StringComparison.Ordinal);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30));
    }

    [ToolFact("sleep")]
    public void Cancelling_kills_the_child_and_its_children()
    {
        string mark = Path.Combine(Path.GetTempPath(), $"unpress-{Guid.NewGuid():N}");
        using var cancel = new CancellationTokenSource();
        var cancelling = Task.Run(() =>
        {
            Assert.True(SpinWait.SpinUntil(() => File.Exists(mark), Patience), "the child never began");
            cancel.Cancel();
        });
        try
        {
            Assert.ThrowsAny<OperationCanceledException>(
                () => Run(["-c", $"sleep 600 & echo $! > {mark}.new; mv {mark}.new {mark}; wait"], Patience, cancel.Token));
            cancelling.Wait();
            string stat = $"/proc/{File.ReadAllText(mark).Trim()}/stat";
            Assert.True(SpinWait.SpinUntil(() => IsDead(stat), Patience), "the child's child lives");
        }
        finally
        {
            File.Delete(mark);
        }
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        Assert.Null(ProgramFinder.Find("no-such-program-of-ours"));
        var error = Assert.Throws<ProcessFailedException>(() => ChildProcess.Run("/no/such/tool", [], default, Patience, CancellationToken.None));
        Assert.Equal("/no/such/tool: there is no such file", error.Message);
    }

    [Fact]
    public void What_is_no_program_says_so()
    {
        if (OperatingSystem.IsWindows())
            return; // programs have no right to be run there
        string path = Path.GetTempFileName();
        try
        {
            Assert.Contains("chmod +x", ProgramFinder.Fault(path), StringComparison.Ordinal);
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            Assert.Null(ProgramFinder.Fault(path));
            Assert.Null(ProgramFinder.Fault("sh"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    // A zombie is dead too: where nobody collects orphans, it stays.
    private static bool IsDead(string stat)
    {
        try
        {
            return File.ReadAllText(stat).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void Run(string[] shell, TimeSpan timeout, CancellationToken cancellation) =>
        ChildProcess.Run(ProgramFinder.Find("sh")!, shell, default, timeout, cancellation);
}
