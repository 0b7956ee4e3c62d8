using Unpress.Lab.Reports;
using Unpress.Lab.Reports.Tables;
using Unpress.Lab.Results;

namespace Unpress.Tests.Lab.Reports;

public sealed class AdaptationTableTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-adaptation-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_network_and_its_adaptation_are_compared_in_percent()
    {
        // PSNR after 1, 2 and 3 enhancements; DI of "net" is 5 %, adapted 1 %; "other" gets worse by adaptation.
        var table = Assert.Single(AdaptationTables.Of(Run(
            ("net", [40, 38, 36]), ("net adapted", [39, 38.6, 38.22]), ("other", [20, 19.5, 19]), ("other adapted", [20.1, 19, 18]), ("alone", [30, 29, 28]))));
        Assert.Equal(["net", "other", "mean of the amounts"], table.Rows.Select(row => row.Name));
        Assert.Equal(["first pass, %", "DI, %"], table.Columns.Select(column => column.Name));
        Assert.Equal("−2.500", table.Rows[0].Cells[0]!.Text.Replace('-', '−'));
        Assert.Equal(-80, table.Rows[0].Cells[1]!.Value, 1e-9);
        Assert.Equal(0.5, table.Rows[1].Cells[0]!.Value, 1e-9);
        Assert.Equal(1.5, table.Rows[2].Cells[0]!.Value, 1e-9);
    }

    [Fact]
    public void Draws_have_a_mean()
    {
        var table = Assert.Single(DegradationTables.Of(Run(("draw 1", [40, 38, 36]), ("draw 2", [39, 38.6, 38.22]), ("draw of mine", [30, 20, 10]))));
        Assert.Equal(["draw 1", "draw 2", "draw of mine", "mean of 2 draws"], table.Rows.Take(4).Select(row => row.Name));
        Assert.Equal(3, table.Rows[3].Cells[0]!.Value, 1e-9); // of 5 % and 1 %
    }

    [Fact]
    public void Without_pairs_there_is_no_such_table() => Assert.Empty(AdaptationTables.Of(Run(("net", [40, 38, 36]), ("other", [39, 38, 37]))));

    private LabRun Run(params (string Name, double[] Psnr)[] enhancers)
    {
        var folder = new LabFolder(_folder.FullName);
        folder.Write(new RunFacts
        {
            Experiment = "cycle",
            Name = "run",
            Recipe = "name: run\n",
            Command = "unpress lab cycle run.yaml",
            Version = "1",
            Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Machine = "a machine",
            Metrics = [new("psnr", "Peak signal-to-noise ratio", true, "dB", 2, "")],
            Codecs = [new("jpeg", "QF", "an encoder", [30])],
            Enhancers = [.. enhancers.Select(one => new EnhancerFacts(one.Name, "network", "file"))],
            Sets = [new("own", "somewhere", ["a"], false)],
            Cycles = 3,
        });
        using (var results = ResultsFile.Open(folder.Results))
        {
            results.Add(Of(Figure.Compressed, 0, 19));
            foreach (var (name, psnr) in enhancers)
                for (int cycle = 1; cycle <= psnr.Length; cycle++)
                    results.Add(Of(name, cycle, psnr[cycle - 1]));
        }

        return LabRun.Read(_folder.FullName);

        static Figure Of(string enhancer, int cycle, double psnr) => new()
        {
            Experiment = "cycle",
            Enhancer = enhancer,
            Codec = "jpeg",
            Setting = 30,
            Set = "own",
            Picture = "a",
            Cycle = cycle,
            Metric = "psnr",
            Value = psnr,
        };
    }
}
