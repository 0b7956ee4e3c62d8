using Unpress.Lab.Results;

namespace Unpress.Tests.Lab;

public class FigureTableTests
{
    private static readonly MetricFacts Psnr = new("psnr", "", true, "dB", 2, "");

    [Fact]
    public void The_degradation_index_is_of_the_pictures_that_went_through_all_cycles()
    {
        var table = new FigureTable([Of("easy", 1, 40), Of("easy", 2, 36), Of("hard", 1, 20), Of("hard", 2, null)]);
        Assert.Equal(10, table.Index("set", "jpeg", 10, "net", Psnr)!.Value, 9);
        Assert.Equal([40, 36], table.Cycles("set", "jpeg", 10, "net", "psnr"));
        Assert.Equal(30, table.Mean("set", "jpeg", 10, "net", 1, "psnr"));
        Assert.Null(new FigureTable([Of("easy", 1, 40), Of("hard", 2, 20)]).Index("set", "jpeg", 10, "net", Psnr));
    }

    private static Figure Of(string picture, int cycle, double? value) => new()
    {
        Experiment = "cycle",
        Enhancer = "net",
        Codec = "jpeg",
        Setting = 10,
        Set = "set",
        Picture = picture,
        Cycle = cycle,
        Metric = "psnr",
        Value = value,
        Error = value is null ? "failed" : null,
    };
}
