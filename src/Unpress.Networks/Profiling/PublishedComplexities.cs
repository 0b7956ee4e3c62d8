namespace Unpress.Networks.Profiling;

/// <summary>All published figures that ours are compared with in docs/networks.md. A new one is a line here.</summary>
public static class PublishedComplexities
{
    private const string Table3 = "DAGN's Table III (TIP 2024)";
    private const string PowerQe = "PowerQE's released configuration";
    private const double Pixels = 512 * 512;

    public static IReadOnlyList<PublishedComplexity> All { get; } =
    [
        new("arcnn", """{ "channels": 3 }""", PowerQe) { Parameters = 117_731, Macs = 117.6e3 * Pixels },
        new("dncnn", "{}", "the authors' dncnn3 file") { Parameters = 665_921 },
        new("dncnn", """{ "channels": 3, "depth": 17 }""", PowerQe) { Parameters = 557_443, Macs = 556.4e3 * Pixels },
        new("dcad", "{}", PowerQe) { Parameters = 298_947, Macs = 298.4e3 * Pixels },
        new("rdn", "{}", PowerQe) { Parameters = 414_147, Macs = 413.4e3 * Pixels },
        new("cbdnet", "{}", PowerQe) { Parameters = 3_944_710, Macs = 513.8e3 * Pixels },
        new("rbqe", "{}", PowerQe) { Parameters = 891_919, Macs = 323.6e3 * Pixels },
        new("mprnet", "{}", PowerQe) { Parameters = 887_217, Macs = 401.7e3 * Pixels },
        new("srgan", "{}", "BasicSR's layers without upsampling") { Parameters = 1_222_147, Macs = 1220.0e3 * Pixels },
        new("esrgan", "{}", PowerQe) { Parameters = 6_694_915, Macs = 437.8e3 * Pixels },
        new("realesrgan", "{}", "BasicSR, scale 1") { Parameters = 16_723_907, Macs = 1122.0e3 * Pixels },
        new("fbcnn", "{}", Table3) { Parameters = 71.9e6, Macs = 709.6e9, TableMacs = 728.9e9 },
        new("qgac", "{}", Table3 + "; its 0.0 M parameters are a fault of its tool, 259.4 M were counted on the authors' package")
        {
            Parameters = 259.4e6, Macs = 249.9e9, TableMacs = 249.9e9,
        },
        new("dmcnn", "{}", Table3)
        {
            Parameters = 4.7e6,
            TableMacs = 687.1e9,
            Why = "the paper leaves the widths open: our reading meets the parameters, not the operations; it is gray, and three runs for colour make 395 G",
        },
        new("swinir", "{}", Table3)
        {
            Parameters = 11.5e6,
            Macs = 3224e9,
            TableMacs = 50_768.5e9,
            Why = "the table has 16 times one pass over the picture, and does not say how it was run",
        },
        new("ipt", "{}", Table3)
        {
            Parameters = 114.2e6,
            Macs = 55.3e12,
            TableMacs = 70_243.5e9,
            Why = "the table's authors trained one of their own; ours has the released code's layers with one head and tail at scale 1, and takes "
                + "1,936 overlapping squares of 48 pixels at 32.97 G each where that code takes 1,678",
        },
        new("dagn", "{}", Table3 + "; without the 0.53 M of a projection that the authors' file holds and no pass uses")
        {
            Parameters = 109.9e6, Macs = 931.5e9, TableMacs = 952.8e9,
        },
        new("tnrd", "{}", "the authors' MATLAB files") { Parameters = 21_312 },
    ];
}

/// <summary>What a paper, its code or a table says that a network costs.</summary>
/// <param name="Network">A name of the catalogue.</param>
/// <param name="Options">Its options as JSON, those of the publication.</param>
/// <param name="Source">Who says so.</param>
public sealed record PublishedComplexity(string Network, string Options, string Source)
{
    /// <summary>Trained numbers.</summary>
    public double? Parameters { get; init; }

    /// <summary>True multiply-accumulates for 512×512 pixels: hardly ever printed, mostly counted with another tool on the published code.</summary>
    public double? Macs { get; init; }

    /// <summary>The same in the convention of <see cref="Work.Table"/>.</summary>
    public double? TableMacs { get; init; }

    /// <summary>Why ours differ by more than rounding; null where they do not.</summary>
    public string? Why { get; init; }
}
