namespace Unpress.Imaging.Tests;

public class RenameTests
{
    [Fact]
    public void Of_many_who_write_one_new_file_one_succeeds_and_its_file_stays()
    {
        using var folder = new TemporaryFolder();
        for (int round = 0; round < 20; round++)
        {
            string file = folder.File($"{round}.bin");
            var winners = new System.Collections.Concurrent.ConcurrentBag<int>();
            using var start = new Barrier(4);
            Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, who =>
            {
                try
                {
                    AtomicFile.Write(file, temporary =>
                    {
                        File.WriteAllText(temporary, $"{who}");
                        start.SignalAndWait(TimeSpan.FromSeconds(1)); // nearly at once, where there are threads enough
                    }, replace: false);
                    winners.Add(who);
                }
                catch (InvalidFileException taken)
                {
                    Assert.Equal(AtomicFile.TakenReason, taken.Reason);
                }
            });
            Assert.Equal($"{Assert.Single(winners)}", File.ReadAllText(file));
        }
        Assert.Equal(20, folder.Names.Length);
    }

    [Fact]
    public void With_leave_a_file_is_replaced()
    {
        using var folder = new TemporaryFolder();
        foreach (string text in (string[])["a", "b"])
            AtomicFile.Write(folder.File("x"), temporary => File.WriteAllText(temporary, text));
        Assert.Equal("b", File.ReadAllText(folder.File("x")));
    }
}
