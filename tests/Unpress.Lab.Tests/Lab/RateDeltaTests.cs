using Unpress.Lab.Results;
using Unpress.Metrics;

namespace Unpress.Tests.Lab;

public class RateDeltaTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_enhancer_that_is_better_everywhere_by_one_gains_one_and_saves_bits(bool higher)
    {
        var delta = Assert.Single(RateDelta.Of(Facts(higher), Table(settings: 5, higher), CurveFit.Pchip));
        Assert.Equal(1, delta.Quality!.Value, 9);
        Assert.Equal(-50, delta.Rate!.Value, 9); // one unit is a doubling of the rate
        Assert.Null(delta.Fault);
    }

    [Fact]
    public void Too_few_points_are_a_fault_and_no_number()
    {
        var delta = Assert.Single(RateDelta.Of(Facts(true), Table(settings: 3, true), CurveFit.Cubic));
        Assert.Null(delta.Rate);
        Assert.Contains("3 points", delta.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_picture_that_failed_at_one_setting_is_left_out_on_both_sides()
    {
        // "a" is the easier one: with it on one side only, the enhancer would look worse than doing nothing.
        var figures = Table(settings: 5, true).Figures.Where(figure => figure is not { Enhancer: "better", Picture: "a", Setting: 2 });
        var delta = Assert.Single(RateDelta.Of(Facts(true), new FigureTable(figures), CurveFit.Pchip));
        Assert.Equal((1, -50), (Math.Round(delta.Quality!.Value, 9), Math.Round(delta.Rate!.Value, 9)));
    }

    private static FigureTable Table(int settings, bool higher) => new(
        from setting in Enumerable.Range(1, settings)
        from enhancer in new[] { Figure.Compressed, "better" }
        from picture in new[] { "a", "b" }
        let quality = 30 + setting + (enhancer == "better" ? 1 : 0) + (picture == "a" ? 3 : -3)
        select new Figure
        {
            Experiment = "rate",
            Enhancer = enhancer,
            Codec = "jpeg",
            Setting = setting,
            Set = "set",
            Picture = picture,
            Cycle = enhancer == "better" ? 1 : 0,
            Metric = "metric",
            Value = higher ? quality : -quality,
            BitsPerPixel = enhancer == "better" ? null : Math.Pow(2, setting),
        });

    private static RunFacts Facts(bool higher) => new()
    {
        Experiment = "rate",
        Name = "x",
        Recipe = "",
        Command = "",
        Version = "",
        Started = default,
        Machine = "",
        Metrics = [new MetricFacts("metric", "", higher, "", 2, "")],
        Codecs = [],
        Enhancers = [],
        Sets = [],
        Cycles = 1,
    };
}
