using Unpress.Data;

namespace Unpress.Tests.Data;

public sealed class PlanesTests
{
    [Fact]
    public void What_is_freed_goes_back_to_the_system_whichever_thread_asked_for_it()
    {
        if (!OperatingSystem.IsLinux())
            return; // what is resident is counted in other ways there
        const int threads = 8;
        using var meeting = new Barrier(threads + 1);
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            // The first block that is freed makes malloc keep the following ones.
            for (int turn = 0; turn < 3; turn++)
            {
                using var first = new Planes(3, 1250, 1600);
                using var second = new Planes(3, 1250, 1600);
                first.Values.Fill(1);
                second.Values.Fill(1);
                meeting.SignalAndWait();
            }

            meeting.SignalAndWait();
            meeting.SignalAndWait(); // what belongs to a thread may go when it ends
        })).ToList();
        long before = Environment.WorkingSet;
        workers.ForEach(worker => worker.Start());
        for (int turn = 0; turn < 4; turn++)
            meeting.SignalAndWait();
        long grown = Environment.WorkingSet - before;
        meeting.SignalAndWait();
        workers.ForEach(worker => worker.Join());
        Assert.True(grown < 96 << 20, $"{grown >> 20} MB stay"); // from malloc, 665 MB did
    }

    [Theory]
    [InlineData(1, 3, 5)]
    [InlineData(3, 300, 300)] // larger than a block that is mapped
    public void Values_stay_in_their_rows_and_are_aligned(int bands, int height, int width)
    {
        using var planes = new Planes(bands, height, width);
        for (int band = 0; band < bands; band++)
            for (int y = 0; y < height; y++)
                planes.Row(band, y).Fill((band * height) + y);
        Assert.Equal(Enumerable.Range(0, bands * height).SelectMany(row => Enumerable.Repeat((float)row, width)), planes.Values.ToArray());
        Assert.Equal(0, planes.Address % 64);
    }
}
