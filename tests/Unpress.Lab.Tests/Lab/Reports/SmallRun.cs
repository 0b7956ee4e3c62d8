using Unpress.Imaging;
using Unpress.Lab.Results;

namespace Unpress.Tests.Lab.Reports;

/// <summary>A run's folder as an experiment leaves it: four settings, two enhancers, two pictures, three cycles; one program failed once.</summary>
internal sealed class SmallRun : IDisposable
{
    /// <summary>A name that would end a script or begin a cell if it were not escaped.</summary>
    public const string Awkward = "x</script>_|&";

    public const int Cycles = 3;

    public static readonly int[] Settings = [10, 20, 30, 40];

    private static readonly string[] Pictures = ["bikes", "sub/lake"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("unpress-report-");

    public SmallRun(bool measured = true, bool kept = true, bool part = false)
    {
        var folder = new LabFolder(Path);
        folder.Write(new RunFacts
        {
            Experiment = "cycle",
            Name = "small run",
            Recipe = "name: small run\ngray: false\n",
            Command = "unpress lab cycle small.yaml --external 'x {in} {out}'",
            Version = "1.2.3",
            Started = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
            Machine = "a machine",
            Metrics = [new("psnr", "Peak signal-to-noise ratio", true, "dB", 2, "colours: RGB"), new("lpips", "A distance", false, "", 3, "")],
            Codecs = [new("jpeg", "QF (1-100, higher is better)", "an encoder", Settings)],
            Enhancers = [new("net", "network", "net.safetensors", "00ff", "unpress", 1_500_000, 2e9), new(Awkward, "program", "x {in} {out}")],
            // Named after the published set, and as many as it has; those that were measured are two.
            Sets = [new("live1", "somewhere", [.. Pictures, .. Enumerable.Range(Pictures.Length, 29 - Pictures.Length)
                .Select(number => $"more-{number}")], part)],
            Cycles = Cycles,
        });
        using var results = ResultsFile.Open(folder.Results);
        if (measured)
            Measure(results);
        if (kept)
            Keep(folder);
    }

    public string Path => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>How far "net" went from the compressed pictures at QF 10: 25 and 27 dB.</summary>
    public void AddDisparity()
    {
        using var results = ResultsFile.Open(new LabFolder(Path).Results);
        var like = results.Figures().First(figure => figure is { Enhancer: "net", Setting: 10, Cycle: 1, Metric: "psnr" });
        for (int i = 0; i < Pictures.Length; i++)
            results.Add(like with { Picture = Pictures[i], Metric = "psnr-to-compressed", Value = 25 + (2 * i) });
    }

    /// <summary>PSNR of "net": 30, 29, 28 dB at QF 10, one more a setting; the second picture 2 dB more. Compressed: 1 dB below the first.</summary>
    private static void Measure(ResultsFile results)
    {
        foreach (int setting in Settings)
        {
            foreach (string picture in Pictures)
            {
                double first = 30 + (setting / 10) - 1 + (picture == Pictures[0] ? -1 : 1);
                Add(Figure.Compressed, 0, first - 1);
                for (int cycle = 1; cycle <= Cycles; cycle++)
                {
                    Add("net", cycle, first - cycle + 1);
                    if (setting == 10 && picture == Pictures[1])
                        results.Add(Of(Awkward, cycle, "psnr") with { Error = "ended with <3>" });
                    else
                        Add(Awkward, cycle, first - 0.5);
                }

                void Add(string enhancer, int cycle, double psnr)
                {
                    results.Add(Of(enhancer, cycle, "psnr") with { Value = psnr });
                    results.Add(Of(enhancer, cycle, "lpips") with { Value = (40 - psnr) / 100 });
                }

                Figure Of(string enhancer, int cycle, string metric) => new()
                {
                    Experiment = "cycle",
                    Enhancer = enhancer,
                    Codec = "jpeg",
                    Setting = setting,
                    Set = "live1",
                    Picture = picture,
                    Cycle = cycle,
                    Metric = metric,
                    Seconds = cycle == 0 ? null : 0.5,
                    BitsPerPixel = cycle == 0 ? setting / 20.0 : null,
                };
            }
        }
    }

    private static void Keep(LabFolder folder)
    {
        foreach (string picture in Pictures)
        {
            Save(folder.Raw("live1", picture), 200);
            Save(folder.Picture("live1", picture, "jpeg", 10, "", 0), 190);
            for (int cycle = 1; cycle <= Cycles; cycle++)
                Save(folder.Picture("live1", picture, "jpeg", 10, "net", cycle), (byte)(195 - cycle));
        }
    }

    private static void Save(string path, byte gray)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        var image = new ImageBuffer(40, 24, ColourModel.Rgb);
        image.Data.AsSpan().Fill(gray);
        ImageFile.Save(image, path);
    }
}
