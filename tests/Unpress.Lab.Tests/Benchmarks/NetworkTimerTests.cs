using Unpress.Benchmarks;
using Unpress.Networks;

namespace Unpress.Tests.Benchmarks;

public sealed class NetworkTimerTests
{
    [Fact]
    public void A_picture_within_the_limit_is_measured_as_it_is()
    {
        var timing = new NetworkTimer(new NetworkTimerOptions { Side = 128, Repeats = 3 }).Measure(NetworkCatalog.Find("d3"), default);
        Assert.Equal((128, false), (timing.MeasuredSide, timing.IsScaled));
        Assert.True(timing.Milliseconds > 0 && timing.CoreMilliseconds >= 0);
        Assert.InRange(timing.PeakBytes!.Value, 1 << 18, 64 << 20);
    }

    [Fact]
    public void A_slow_network_is_measured_on_a_smaller_picture_and_its_operations_are_counted_on_the_whole()
    {
        var options = new NetworkTimerOptions { Side = 64, Repeats = 1, Limit = TimeSpan.FromTicks(1) };
        var timing = new NetworkTimer(options).Measure(NetworkCatalog.Find("arcnn"), default);
        Assert.Equal((NetworkTimer.SmallestSide, true), (timing.MeasuredSide, timing.IsScaled));
        Assert.Equal(64, timing.Profile.Height);
        var small = new NetworkTimer(options with { Side = NetworkTimer.SmallestSide }).Measure(NetworkCatalog.Find("arcnn"), default);
        Assert.Equal(16, timing.Profile.Layers.Work.True / small.Profile.Layers.Work.True, 6);
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new NetworkTimer(new NetworkTimerOptions { Side = 8 }));
        Assert.Throws<ArgumentException>(() => new NetworkTimer(new NetworkTimerOptions { Repeats = 0 }));
        Assert.Throws<ArgumentException>(() => new NetworkTimer(new NetworkTimerOptions { Limit = TimeSpan.Zero }));
    }
}
