using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

public sealed class DegradationIndexTests
{
    [Fact]
    public void The_papers_own_example_holds()
    {
        // 30 dB after the first cycle, 3.96 dB less after four more: 3.30 %.
        Assert.Equal(3.30, DegradationIndex.Of([30, 29, 28, 27, 30 - 3.96], MetricDirection.HigherIsBetter), 1e-9);
    }

    [Fact]
    public void A_metric_that_should_be_low_counts_the_other_way()
    {
        Assert.Equal(50, DegradationIndex.Of([0.2, 0.3], MetricDirection.LowerIsBetter), 1e-9);
        Assert.Equal(-25, DegradationIndex.Of([0.2, 0.1, 0.1], MetricDirection.LowerIsBetter), 1e-9);
    }

    [Fact]
    public void One_cycle_has_no_index() => Assert.Throws<ArgumentException>(() => DegradationIndex.Of([30], MetricDirection.HigherIsBetter));
}
