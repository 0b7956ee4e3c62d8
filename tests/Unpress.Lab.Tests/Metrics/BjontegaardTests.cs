using Unpress.Metrics;

namespace Unpress.Tests.Metrics;

public class BjontegaardTests
{
    private static readonly RatePoint[] Fau1Anchor = [new(9487.76, 40.037), new(4593.60, 38.615), new(2486.44, 36.845), new(1358.24, 34.851)];
    private static readonly RatePoint[] Fau1Test = [new(9787.80, 40.121), new(4469.00, 38.651), new(2451.52, 36.970), new(1356.24, 34.987)];
    private static readonly RatePoint[] Fau2Anchor = [new(82472.76, 43.825), new(26875.24, 41.404), new(9487.76, 40.037), new(4593.6, 38.615)];
    private static readonly RatePoint[] Fau2Test = [new(99896.96, 44.731), new(33952.04, 41.875), new(9787.8, 40.121), new(4469.0, 38.651)];
    private static readonly RatePoint[] AnserwAnchor = [new(686.76, 40.28), new(309.58, 37.18), new(157.11, 34.24), new(85.95, 31.42)];
    private static readonly RatePoint[] AnserwTest = [new(893.34, 40.39), new(407.8, 37.21), new(204.93, 34.17), new(112.75, 31.24)];

    // The examples of two published implementations (FAU-LMS/bjontegaard, Anserw/Bjontegaard_metric).
    public static TheoryData<string, CurveFit, double, double> Examples => new()
    {
        { "fau1", CurveFit.Cubic, -4.420463, 0.120409 }, { "fau1", CurveFit.Pchip, -4.417485, 0.119693 }, { "fau1", CurveFit.Akima, -4.425245, 0.119409 },
        { "fau2", CurveFit.Cubic, -4.699438, 0.095404 }, { "fau2", CurveFit.Pchip, -4.472182, 0.088875 }, { "fau2", CurveFit.Akima, -4.085761, 0.089903 },
        { "fau3", CurveFit.Cubic, -0.639289, 0.103581 }, { "fau3", CurveFit.Pchip, -2.952802, 0.089536 }, { "fau3", CurveFit.Akima, -2.526920, 0.050889 },
        { "anserw", CurveFit.Cubic, 31.3974, -1.1849 }, { "anserw", CurveFit.Pchip, 31.3799, -1.1835 }, { "anserw", CurveFit.Akima, 31.3840, -1.1837 },
    };

    [Theory]
    [MemberData(nameof(Examples))]
    public void Published_examples_come_out(string name, CurveFit fit, double rate, double quality)
    {
        var (anchor, test) = name switch
        {
            "fau1" => (Fau1Anchor, Fau1Test),
            "fau2" => (Fau2Anchor, Fau2Test),
            "fau3" => ([.. Fau2Anchor, new(3600, 36.5), new(2900, 35.1)], [.. Fau2Test, new(4040, 37), new(3300, 36.5)]),
            _ => (AnserwAnchor, AnserwTest),
        };
        double tolerance = name == "anserw" ? 5.1e-5 : 5.1e-7;
        Assert.Equal(rate, Bjontegaard.Rate(anchor, test, fit), tolerance);
        Assert.Equal(quality, Bjontegaard.Quality(anchor, test, fit), tolerance);
    }

    [Fact]
    public void An_independent_computation_gives_the_same()
    {
        foreach (var example in ReferenceNumbers.All("bjontegaard"))
        {
            RatePoint[] anchor = Points("anchor"), test = Points("test");
            foreach (var fit in Enum.GetValues<CurveFit>())
            {
                var deltas = example.GetProperty("deltas").GetProperty(fit.ToString().ToLowerInvariant());
                Assert.Equal(deltas[0].GetDouble(), Bjontegaard.Rate(anchor, test, fit), 1e-8);
                Assert.Equal(deltas[1].GetDouble(), Bjontegaard.Quality(anchor, test, fit), 1e-9);
            }

            RatePoint[] Points(string name) => [.. ReferenceNumbers.Rows(example.GetProperty(name)).Select(row => new RatePoint(row[0], row[1]))];
        }
    }

    [Fact]
    public void A_curve_against_itself_is_no_distance_and_its_own_double_in_rate_is_a_hundred_percent()
    {
        foreach (var fit in Enum.GetValues<CurveFit>())
        {
            Assert.Equal(0, Bjontegaard.Rate(Fau1Anchor, Fau1Anchor, fit), 1e-9);
            Assert.Equal(100, Bjontegaard.Rate(Fau1Anchor, Fau1Anchor.Select(point => point with { Rate = 2 * point.Rate }), fit), 1e-8);
            Assert.Equal(1.5, Bjontegaard.Quality(Fau1Anchor, Fau1Anchor.Select(point => point with { Quality = point.Quality + 1.5 }), fit), 1e-9);
        }

        Assert.Equal(1, Bjontegaard.Overlap(Fau1Anchor, Fau1Anchor));
        Assert.Equal((40.037 - 34.987) / (40.121 - 34.851), Bjontegaard.Overlap(Fau1Anchor, Fau1Test), 1e-9);
    }

    [Fact]
    public void Curves_that_do_not_rise_or_have_nothing_in_common_are_refused()
    {
        Refuses(Fau1Anchor[..3], "3 points", CurveFit.Cubic);
        Refuses([.. Fau1Anchor, new(12000, 40.0)], "must rise", CurveFit.Pchip);
        Refuses([.. Fau1Anchor, new(9487.76, 41)], "must rise", CurveFit.Akima);
        Refuses([new(-1, 1), .. Fau1Anchor], "above 0", CurveFit.Pchip);
        Refuses([.. Fau1Anchor.Select(point => point with { Quality = point.Quality + 50 })], "in common", CurveFit.Pchip);

        static void Refuses(RatePoint[] test, string words, CurveFit fit)
            => Assert.Contains(words, Assert.Throws<ArgumentException>(() => Bjontegaard.Rate(Fau1Anchor, test, fit)).Message, StringComparison.Ordinal);
    }
}
